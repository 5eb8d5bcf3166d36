package dev.exodl.cli;

import dev.exodl.cli.settings.Bytes;
import dev.exodl.cli.settings.Layout;
import dev.exodl.download.ShardForm;
import dev.exodl.download.ShardRequest;
import dev.exodl.download.ShardRequest.Share;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.plan.swarm.SplitBy;
import dev.exodl.weights.Layers;
import dev.exodl.weights.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Only some layers of a model, or these before the rest. */
final class ShardOptions {
  @Option(
      names = "--layers",
      paramLabel = "LIST",
      description =
          "Only what these layers need, for example 0-15 or 0-7,12,embed,head. The first is 0.")
  @Nullable String layers;

  @Option(
      names = "--shard",
      paramLabel = "K/N",
      description = "Only what share K of N needs; each share has as many layers.")
  @Nullable String shard;

  @Option(
      names = "--split",
      paramLabel = "HOW",
      description =
          "With --cluster: the coordinator deals the layers out to the nodes: equal, bytes, or memory.")
  @Nullable SplitBy split;

  @Option(
      names = "--memory",
      paramLabel = "BYTES",
      description =
          "With --split memory: what this node has, for example 64GiB. Default: what is available.")
  @Nullable Bytes memory;

  @Option(
      names = "--then-complete",
      description = "With --layers, --shard or --split: these layers first, then the rest.")
  boolean thenComplete;

  @Option(
      names = "--on-shard-ready",
      paramLabel = "CMD",
      description = "Run CMD by sh when the files of this node's layers are here, verified.")
  @Nullable String onReady;

  @Option(
      names = "--with-shared",
      description = "With --layers, --shard or --split: also all that belongs to no layer.")
  boolean withShared;

  @Option(
      names = "--shard-form",
      paramLabel = "FORM",
      description =
          "files: whole weight files that hold something needed; in --local-dir also ranges: only the needed bytes, or repack: new files of these. Default: files.")
  @Nullable ShardForm form;

  /**
   * What was asked for, if anything was.
   *
   * @param named files that were named
   * @param layout how files are laid down
   * @throws FailureException usage failure when it does not go together
   */
  Optional<ShardRequest> shard(
      List<String> named, Layout layout, boolean inCluster, boolean dryRun) {
    Given which = new Given().of("--layers", layers).of("--shard", shard).of("--split", split);
    refuseMemory();
    if (which.names.isEmpty()) {
      refuseWithoutLayers();
      return Optional.empty();
    }
    if (which.names.size() > 1) {
      throw excluding(which.names.get(0), which.names.get(1), "give one of them");
    }
    if (!named.isEmpty()) {
      throw excluding(which.names.getFirst(), "named files", "leave out one of them");
    }
    if (layout == Layout.EXO && form != null && form != ShardForm.FILES) {
      throw bad(
          "exo would take what --shard-form " + word(form) + " makes for the whole model",
          "take --local-dir without the layout exo");
    }
    if (thenComplete && form != null && form != ShardForm.FILES) {
      throw bad(
          "--then-complete has the whole model here, and --shard-form "
              + word(form)
              + " makes other files of some layers",
          "leave out one of them");
    }
    if (split != null && !inCluster) {
      throw bad(
          "--split deals layers out to the nodes of a cluster, but there is no --cluster",
          "add --cluster, or name this node's --layers or --shard");
    }
    if (split != null && dryRun) {
      throw excluding("--split", "--dry-run", "'exo-dl plan --split' shows who would have what");
    }
    if (onReady != null && dryRun) {
      throw excluding("--on-shard-ready", "--dry-run", "leave out one of them");
    }
    if (onReady != null && onReady.isBlank()) {
      throw bad("--on-shard-ready without a command", "give one, or leave it out");
    }
    return Optional.of(
        new ShardRequest(share(), withShared, form == null ? ShardForm.FILES : form, thenComplete));
  }

  /** The command that is to be run when the layers are here. */
  Optional<String> onReady() {
    return Optional.ofNullable(onReady);
  }

  private Share share() {
    if (layers != null) {
      return new Share.Listed(Layers.parse("--layers", layers));
    }
    if (split != null) {
      return new Share.OfCluster(split, Optional.ofNullable(memory).map(Bytes::value));
    }
    return new Share.Numbered(Shard.parse("--shard", String.valueOf(shard)));
  }

  private void refuseMemory() {
    if (memory != null && split != SplitBy.MEMORY) {
      throw bad("--memory belongs to --split memory", "give --split memory, or leave it out");
    }
    if (memory != null && memory.value() < 1) {
      throw bad("a node with 0 bytes of memory takes no layers", "give what it has");
    }
  }

  private void refuseWithoutLayers() {
    Given more =
        new Given()
            .of("--with-shared", withShared ? true : null)
            .of("--shard-form", form)
            .of("--then-complete", thenComplete ? true : null)
            .of("--on-shard-ready", onReady);
    if (!more.names.isEmpty()) {
      throw bad(
          more.names.getFirst() + " belongs to --layers, --shard or --split",
          "give one of these, or leave it out");
    }
  }

  /** Options that were given. */
  private static final class Given {
    final List<String> names = new ArrayList<>();

    Given of(String name, @Nullable Object value) {
      if (value != null) {
        names.add(name);
      }
      return this;
    }
  }

  private static FailureException excluding(String one, String other, String next) {
    return bad(one + " and " + other + " exclude each other", next);
  }

  private static String word(ShardForm form) {
    return form.name().toLowerCase(Locale.ROOT);
  }

  private static FailureException bad(String what, String next) {
    return new FailureException(new Failure.Usage(what, "sync", next));
  }
}
