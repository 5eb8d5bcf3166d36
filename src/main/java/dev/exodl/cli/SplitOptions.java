package dev.exodl.cli;

import dev.exodl.cli.settings.Bytes;
import dev.exodl.download.SplitHow;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.plan.swarm.SplitBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model's layers are dealt out to nodes. */
final class SplitOptions {
  @Option(
      names = "--split",
      paramLabel = "HOW",
      description =
          "Also deal out the model's layers: equal, bytes, or memory. Reads the headers of weight files.")
  @Nullable SplitBy how;

  @Option(
      names = "--memory",
      paramLabel = "LIST",
      split = ",",
      hideParamSyntax = true,
      description = "For --split memory: what each node has, in order, for example 64GiB,32GiB.")
  List<Bytes> memory = new ArrayList<>();

  /**
   * What was asked for, if anything was.
   *
   * @throws FailureException usage failure when it does not go together
   */
  Optional<SplitHow> split(int nodes) {
    if (how != SplitBy.MEMORY && !memory.isEmpty()) {
      throw bad("--memory belongs to --split memory", "give --split memory, or leave it out");
    }
    if (how == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (how) {
          case EQUAL -> new SplitHow.Equal();
          case BYTES -> new SplitHow.ByBytes();
          case MEMORY -> byMemory(nodes);
        });
  }

  private SplitHow byMemory(int nodes) {
    if (memory.size() != nodes) {
      throw bad(
          "--split memory of "
              + nodes
              + (nodes == 1 ? " node" : " nodes")
              + " with "
              + (memory.isEmpty() ? "no" : memory.size())
              + (memory.size() == 1 ? " size" : " sizes")
              + " of memory",
          "give each node's memory, such as --memory 64GiB,32GiB");
    }
    if (memory.stream().anyMatch(b -> b.value() < 1)) {
      throw bad("a node with 0 bytes of memory takes no layers", "leave it out");
    }
    return new SplitHow.ByMemory(memory.stream().map(Bytes::value).toList());
  }

  private static FailureException bad(String what, String next) {
    return new FailureException(new Failure.Usage(what, "plan", next));
  }
}
