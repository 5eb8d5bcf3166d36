package dev.exodl.cli.show;

import dev.exodl.download.ShardChoice;
import dev.exodl.download.ShardRequest;

/** What a node's layers take, in words. */
public final class ShardLine {
  private ShardLine() {}

  /** One line: the tensors, the files that hold them, and how much more these are when whole. */
  static String of(ShardChoice choice) {
    int tensors = choice.needed().count();
    return "layers "
        + layers(choice)
        + ": "
        + (tensors == 1 ? "1 tensor" : tensors + " tensors")
        + " ("
        + Amounts.bytes(choice.needed().bytes())
        + ") in "
        + choice.needed().files().size()
        + " of "
        + Amounts.files(choice.model().files().size())
        + " of weights"
        + form(choice);
  }

  private static String form(ShardChoice choice) {
    String more = Amounts.bytes(choice.more());
    return switch (choice.form()) {
      case FILES ->
          " ("
              + Amounts.bytes(choice.needed().fileBytes())
              + ", "
              + more
              + " more than the tensors)";
      case RANGES -> "; whole, these would be " + more + " more";
      case REPACK -> ", repacked; whole, these would be " + more + " more";
    };
  }

  /** Which share the cluster dealt to this node. */
  static String dealt(ShardRequest.Share.Dealt share) {
    return "share "
        + share.number()
        + " of "
        + share.of()
        + " of the layers (split "
        + share.how().word()
        + ")";
  }

  /** That the layers' files are here. */
  static String ready(ShardChoice choice) {
    int files = choice.needed().files().size();
    return "layers "
        + layers(choice)
        + " are ready: "
        + (files == 1 ? "1 file of weights is" : files + " files of weights are")
        + " whole and verified";
  }

  /** For example {@code 0-7 of 32}; what was asked for by its word stands there too. */
  public static String layers(ShardChoice choice) {
    return choice.layers()
        + " of "
        + choice.model().layers()
        + (choice.withShared() ? " and all that has none" : "");
  }
}
