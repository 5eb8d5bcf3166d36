package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.Amounts;
import dev.exodl.cli.show.Table;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.store.Removal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Shows what would be deleted, asks, and deletes.
 *
 * @param yes do not ask
 */
record Removals(ProgramCommand asked, boolean dryRun, boolean yes) {

  int carryOut(String command, List<Removal> removals) {
    List<Removal.Item> items = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    removals.forEach(
        r -> {
          items.addAll(r.items());
          skipped.addAll(r.skipped());
        });
    long bytes = removals.stream().mapToLong(Removal::bytes).sum();
    boolean agreed = items.isEmpty() || dryRun || agreed(command, items, bytes);
    boolean delete = agreed && !dryRun;
    if (delete) {
      removals.forEach(Removal::carryOut);
    }
    if (asked.output().json) {
      asked.end(json(items, skipped, bytes, delete));
    } else {
      tell(items, skipped, bytes, delete, agreed);
    }
    return ExitCode.OK.number();
  }

  private boolean agreed(String command, List<Removal.Item> items, long bytes) {
    if (yes) {
      return true;
    }
    Console console = asked.program().console();
    if (!asked.output().json) {
      console.err().write(table(items).toString());
    }
    String answer = console.ask("Delete this and free " + Amounts.bytes(bytes) + "? [y/N] ");
    if (answer == null) {
      throw new FailureException(
          new Failure.Usage(
              "nothing was deleted, since nobody can be asked: stdin is not a terminal",
              command,
              "give --yes to delete, or --dry-run to see what it would be"));
    }
    return List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
  }

  private void tell(
      List<Removal.Item> items, List<String> skipped, long bytes, boolean delete, boolean agreed) {
    Console console = asked.program().console();
    skipped.forEach(line -> console.tell("warning: " + Printable.of(line)));
    if (dryRun && !items.isEmpty()) {
      console.out().print(table(items));
    }
    if (asked.verbosity() == Verbosity.QUIET) {
      return;
    }
    if (!agreed) {
      console.tell("nothing was deleted");
    } else if (items.isEmpty()) {
      console.tell("nothing to delete");
    } else {
      console.tell((delete ? "freed " : "would free ") + Amounts.bytes(bytes));
    }
  }

  private static Table table(List<Removal.Item> items) {
    Table table = new Table("FREES", "REPO", "WHAT").right(0);
    for (Removal.Item item : items) {
      table.row(Amounts.bytes(item.bytes()), item.repo().toString(), Printable.of(item.what()));
    }
    return table;
  }

  private static ObjectNode json(
      List<Removal.Item> items, List<String> skipped, long bytes, boolean deleted) {
    ObjectNode object = JsonOutput.ok().put("deleted", deleted).put("bytes", bytes);
    ArrayNode array = object.putArray("items");
    for (Removal.Item item : items) {
      array
          .addObject()
          .put("repo", item.repo().id())
          .put("repoType", item.repo().type().word())
          .put("what", item.what())
          .put("path", item.path().toString())
          .put("bytes", item.bytes());
    }
    ArrayNode warnings = object.putArray("warnings");
    skipped.forEach(warnings::add);
    return object;
  }
}
