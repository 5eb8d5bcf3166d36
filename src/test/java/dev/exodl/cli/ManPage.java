package dev.exodl.cli;

import static dev.exodl.cli.Roff.bold;
import static dev.exodl.cli.Roff.escaped;
import static dev.exodl.cli.Roff.italic;

import dev.exodl.cli.settings.Setting;
import dev.exodl.model.ExitCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The manual page: commands and options from picocli's model, settings from theirs. Neither date
 * nor version stands in it, so that it changes only when the program does.
 */
final class ManPage {
  private final Roff page = new Roff();

  private ManPage() {}

  static String of(CommandLine top) {
    ManPage page = new ManPage();
    page.beginning(top);
    page.page.section("COMMANDS");
    commands(top).forEach(page::command);
    page.settings();
    page.environment();
    page.files();
    page.exitCodes();
    page.page
        .section("EXAMPLES")
        .prose("Get a model, some files of it, a dataset; see what is wrong:");
    page.footer(top.getCommandSpec(), true);
    return page.page.toString();
  }

  /** All commands that do something, in the order of the help. */
  private static List<CommandLine> commands(CommandLine line) {
    List<CommandLine> all = new ArrayList<>();
    for (CommandLine sub : line.getSubcommands().values()) {
      if (!sub.getCommandSpec().usageMessage().hidden() && !all.contains(sub)) {
        all.add(sub);
        all.addAll(commands(sub));
      }
    }
    return all;
  }

  private void beginning(CommandLine top) {
    page.macro(".\\\" Made by ManPageTest from the program; -Dgolden.write=true writes it.");
    page.macro(".TH EXO\\-DL 1 \"\" \"exo\\-dl\" \"User Commands\"");
    // A name that is broken over two lines is not found by a search.
    page.macro(".nh").macro(".ad l");
    page.section("NAME")
        .macro("exo\\-dl \\- get a large model from the Hugging Face hub, fast and verified");
    page.section("SYNOPSIS").macro(".nf");
    commands(top).stream()
        .filter(line -> line.getSubcommands().isEmpty())
        .forEach(line -> page.macro(synopsis(line)));
    page.macro(bold("exo-dl --help") + " | " + bold("--version")).macro(".fi");
    page.section("DESCRIPTION")
        .prose(
            "exo-dl downloads models, datasets and spaces from the Hugging Face hub or a mirror of it"
                + " with as many connections as help, into the cache that all clients of the hub share,"
                + " or as plain files into a folder.")
        .paragraph(
            "A run that was cut off goes on where it was: give the same command again."
                + " Nothing is visible before its whole content has the hub's hash."
                + " What another client left unfinished is taken over.")
        .paragraph(
            "stdout carries results only, such as the path of what was fetched; all else is on stderr.");
  }

  private static String synopsis(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    String name = spec.qualifiedName(" ");
    String rest = line.getHelp().synopsis(0).strip().substring(name.length());
    return bold(name) + escaped(rest.replaceAll("\\s+", " "));
  }

  private void command(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    page.subsection(spec.qualifiedName(" "));
    page.prose(String.join(" ", spec.usageMessage().header()));
    Arrays.stream(spec.usageMessage().description())
        .map(d -> d.replace("%n", ""))
        .filter(d -> !d.isBlank())
        .forEach(page::paragraph);
    if (!line.getSubcommands().isEmpty()) {
      return;
    }
    spec.positionalParameters().stream()
        .filter(p -> !p.hidden())
        .forEach(p -> page.item(italic(p.paramLabel()), about(p)));
    spec.options().stream()
        .filter(o -> !o.hidden())
        .forEach(option -> page.item(term(option), about(option)));
    footer(spec, false);
  }

  private static String about(ArgSpec spec) {
    return String.join(" ", spec.description());
  }

  private static String term(OptionSpec option) {
    String names = Arrays.stream(option.names()).map(Roff::bold).collect(Collectors.joining(", "));
    if (option.arity().max() == 0) {
      return names;
    }
    String label = italic(option.paramLabel());
    return option.arity().min() == 0 ? names + "[=" + label + "]" : names + " " + label;
  }

  /** Examples are lines that are indented. Those of the program have a section of their own. */
  private void footer(CommandSpec spec, boolean examplesOnly) {
    List<String> lines =
        Arrays.stream(spec.usageMessage().footer()).map(l -> l.replace("$$", "$")).toList();
    List<String> block = new ArrayList<>();
    for (String line : lines) {
      if (line.isBlank() || block.isEmpty()) {
        footerPart(block, examplesOnly);
        block.clear();
      }
      if (!line.isBlank()) {
        block.add(line);
      }
    }
    footerPart(block, examplesOnly);
  }

  private void footerPart(List<String> block, boolean examplesOnly) {
    if (block.isEmpty()) {
      return;
    }
    boolean examples = block.getFirst().equals("Examples:");
    if (examples) {
      if (!examplesOnly) {
        page.paragraph("Examples:");
      }
      page.verbatim(block.subList(1, block.size()).stream().map(String::strip).toList());
    } else if (!examplesOnly) {
      page.paragraph(String.join(" ", block));
    }
  }

  private void settings() {
    page.section("SETTINGS")
        .prose(
            "The first place that gives a setting counts: an option of the command line, the variable"
                + " EXO_DL_*, the variable of the hub's own clients, the config file, the default."
                + " An empty variable counts as unset."
                + " exo-dl doctor shows what each is and where it came from.")
        .paragraph(
            "Sizes and rates are bytes and bytes a second, such as 500, 64MiB or 1.5GB."
                + " Times are seconds, or such as 500ms, 10s, 2m, 1h."
                + " Paths may begin with ~ and name variables as $NAME or ${NAME}.");
    for (Setting setting : Setting.ALL) {
      page.item(
          bold(setting.key()) + ", " + bold(setting.variable()),
          setting.about() + " Default: " + standard(setting) + "." + others(setting));
    }
  }

  private static String standard(Setting setting) {
    return setting.otherwise().isEmpty() ? "none" : setting.otherwise();
  }

  private static String others(Setting setting) {
    List<String> set = setting.also().stream().filter(v -> !v.startsWith("!")).toList();
    List<String> off =
        setting.also().stream().filter(v -> v.startsWith("!")).map(v -> v.substring(1)).toList();
    return (set.isEmpty() ? "" : " Also set by " + String.join(", ", set) + ".")
        + (off.isEmpty() ? "" : " Turned off by " + String.join(", ", off) + ".");
  }

  private void environment() {
    page.section("ENVIRONMENT").prose("Besides those of the settings:");
    page.item(bold("EXO_DL_CONFIG_FILE"), "Another config file.");
    page.item(
        bold("HTTP_PROXY")
            + ", "
            + bold("HTTPS_PROXY")
            + ", "
            + bold("ALL_PROXY")
            + ", "
            + bold("NO_PROXY"),
        "Proxies, in upper or lower case, as curl reads them.");
    page.item(bold("XDG_CACHE_HOME"), "Where huggingface is, in place of ~/.cache.");
    page.item(bold("XDG_CONFIG_HOME"), "Where exo-dl/config.yaml is, in place of ~/.config.");
    page.item(bold("TMPDIR"), "Where exo-dl demo puts its model and cache.");
  }

  private void files() {
    page.section("FILES");
    page.item(
        italic("~/.config/exo-dl/config.yaml"),
        "The config file: one 'key: value' a line, in YAML.");
    page.item(italic("~/.cache/huggingface/hub"), "The cache that all clients of the hub share.");
    page.item(italic("~/.cache/huggingface/token"), "The token, as 'hf auth login' writes it.");
    page.item(italic("DIR/.cache"), "The state of the files below a --local-dir DIR.");
  }

  private void exitCodes() {
    page.section("EXIT STATUS")
        .prose("Every failure is one line on stderr: what happened, where, what to do next.");
    for (ExitCode code : ExitCode.values()) {
      page.item(bold(Integer.toString(code.number())), meaning(code));
    }
  }

  private static String meaning(ExitCode code) {
    return switch (code) {
      case OK -> "Done; all that was asked for is here and verified.";
      case INTERNAL -> "A bug; -vv or EXO_DL_DEBUG=1 shows the trace to report.";
      case USAGE -> "A wrong argument, option, variable or line of the config file.";
      case AUTH -> "No token, a bad one, or no right to a gated or disabled repo.";
      case NOT_FOUND ->
          "Repo, revision or file is not there, or with --offline not on this machine.";
      case NETWORK ->
          "The hub could not be reached, broke off, or asked to slow down for too long."
              + " Run again to go on.";
      case INTEGRITY ->
          "Content or file names are not what they have to be; nothing wrong was made visible.";
      case STORAGE -> "Disk full, no permission, a lock, something unexpected in the way.";
      case CLUSTER -> "The cluster could not do its part.";
      case PARTIAL -> "Some of what was asked for is here and some is not.";
      case INTERRUPTED -> "Ctrl-C (SIGINT). Run again to go on.";
      case TERMINATED -> "SIGTERM. Run again to go on.";
    };
  }
}
