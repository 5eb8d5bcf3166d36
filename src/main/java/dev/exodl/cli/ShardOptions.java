package dev.exodl.cli;

import dev.exodl.cli.settings.Layout;
import dev.exodl.download.ShardForm;
import dev.exodl.download.ShardRequest;
import dev.exodl.download.ShardRequest.Share;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.weights.Layers;
import dev.exodl.weights.Shard;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Only some layers of a model. */
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
      names = "--with-shared",
      description = "With --layers or --shard: also all that belongs to no layer.")
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
  Optional<ShardRequest> shard(List<String> named, Layout layout) {
    if (layers == null && shard == null) {
      if (withShared || form != null) {
        throw bad(
            (withShared ? "--with-shared" : "--shard-form") + " belongs to --layers or --shard",
            "give one of these, or leave it out");
      }
      return Optional.empty();
    }
    if (layers != null && shard != null) {
      throw bad("--layers and --shard exclude each other", "give one of them");
    }
    if (!named.isEmpty()) {
      throw bad(
          (layers != null ? "--layers" : "--shard") + " and named files exclude each other",
          "leave out one of them");
    }
    if (layout == Layout.EXO && form != null && form != ShardForm.FILES) {
      throw bad(
          "exo would take what --shard-form " + word(form) + " makes for the whole model",
          "take --local-dir without the layout exo");
    }
    Share share =
        layers != null
            ? new Share.Listed(Layers.parse("--layers", layers))
            : new Share.Numbered(Shard.parse("--shard", String.valueOf(shard)));
    return Optional.of(new ShardRequest(share, withShared, form == null ? ShardForm.FILES : form));
  }

  private static String word(ShardForm form) {
    return form.name().toLowerCase(Locale.ROOT);
  }

  private static FailureException bad(String what, String next) {
    return new FailureException(new Failure.Usage(what, "sync", next));
  }
}
