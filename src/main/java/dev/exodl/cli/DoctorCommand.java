package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.cli.settings.Found;
import dev.exodl.cli.settings.SettingsLookup;
import dev.exodl.cli.show.Table;
import dev.exodl.download.DoctorReport;
import dev.exodl.download.DoctorReport.Finding;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.Printable;
import java.io.PrintStream;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code exo-dl doctor}. */
@Command(
    name = "doctor",
    header = "See whether downloads can work here, and what each setting is and why.",
    description = {
      "",
      "Looks at the hub, the clock, the token, the cache's disk and links. The exit code is that of the first thing "
          + "that would make a download fail.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {"", "Examples:", "  exo-dl doctor", "  exo-dl doctor --offline --json"})
public final class DoctorCommand extends ProgramCommand {
  @Mixin CacheOptions cache = new CacheOptions();

  @Mixin HubOptions hub = new HubOptions();

  @Mixin OutputOptions output = new OutputOptions();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Program program = program();
    DoctorReport report =
        program
            .jobs()
            .doctor(
                OptionValues.sync(program, hub, program.settings().maxConnections(), 0),
                cache.caches(program),
                hub.offline || program.settings().offline());
    Optional<Failure> worst = report.worst();
    if (output.json) {
      end(json(report, program.lookup()));
    } else {
      tell(report, program.lookup(), program.console().out());
    }
    worst.ifPresent(failure -> program.console().tell("exo-dl: " + failure.line()));
    return worst.map(Failure::exitCode).orElse(ExitCode.OK).number();
  }

  private static void tell(DoctorReport report, SettingsLookup.Lookup lookup, PrintStream out) {
    out.println(
        "exo-dl "
            + Version.text()
            + ", Java "
            + Runtime.version().feature()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch"));
    out.println();
    for (Finding finding : report.findings()) {
      String line =
          switch (finding) {
            case Finding.Good good -> "ok    " + good.about() + ": " + good.what();
            case Finding.Doubtful doubt ->
                "hm    " + doubt.about() + ": " + doubt.what() + "; " + doubt.next();
            case Finding.Bad bad -> "FAIL  " + bad.about() + ": " + bad.failure().line();
            case Finding.Skipped skipped -> "-     " + skipped.about() + ": " + skipped.why();
          };
      out.println(Printable.of(line));
    }
    lookup.warnings().forEach(w -> out.println("hm    settings: " + Printable.of(w)));
    out.println();
    Table table = new Table("SETTING", "VALUE", "FROM");
    for (Found found : lookup.found()) {
      table.row(found.setting().key(), Printable.of(found.written()), Printable.of(found.origin()));
    }
    out.print(table);
    out.println();
    out.println(
        "config file: " + lookup.configFile() + (lookup.configFilePresent() ? "" : " (not there)"));
  }

  private static ObjectNode json(DoctorReport report, SettingsLookup.Lookup lookup) {
    ObjectNode object = report.worst().map(JsonOutput::failure).orElseGet(JsonOutput::ok);
    object.put("version", Version.text());
    ArrayNode findings = object.putArray("findings");
    for (Finding finding : report.findings()) {
      ObjectNode one = findings.addObject().put("about", finding.about());
      switch (finding) {
        case Finding.Good good -> one.put("state", "ok").put("what", good.what());
        case Finding.Doubtful doubt ->
            one.put("state", "doubtful").put("what", doubt.what()).put("next", doubt.next());
        case Finding.Bad bad ->
            one.put("state", "bad")
                .put("what", bad.failure().what())
                .put("where", bad.failure().where())
                .put("next", bad.failure().next());
        case Finding.Skipped skipped -> one.put("state", "skipped").put("what", skipped.why());
      }
    }
    ArrayNode settings = object.putArray("settings");
    for (Found found : lookup.found()) {
      settings
          .addObject()
          .put("key", found.setting().key())
          .put("value", found.value() == null ? null : found.shown())
          .put("from", found.origin());
    }
    object.put("configFile", lookup.configFile().toString());
    ArrayNode warnings = object.putArray("warnings");
    lookup.warnings().forEach(warnings::add);
    return object;
  }
}
