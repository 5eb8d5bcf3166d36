package dev.exodl.swarm;

import dev.exodl.model.Failure;
import dev.exodl.model.Printable;

/**
 * A failure in another node's words: made fit for a terminal, with that node's name. What went
 * wrong with that machine or its user's command is not this process's failure.
 */
final class ToldFailure {
  private ToldFailure() {}

  static Failure of(Failure told, String by) {
    String what = Printable.of(told.what());
    String where = Printable.of(told.where()) + ", as " + Printable.of(by) + " says";
    String next = Printable.of(told.next());
    return switch (told) {
      case Failure.Auth f -> new Failure.Auth(what, where, next);
      case Failure.NotFound f -> new Failure.NotFound(what, where, next);
      case Failure.Network f -> new Failure.Network(what, where, next);
      case Failure.Integrity f -> new Failure.Integrity(what, where, next);
      case Failure.Cluster f -> new Failure.Cluster(what, where, next);
      case Failure.Internal _, Failure.Usage _, Failure.Storage _, Failure.Partial _ ->
          new Failure.Cluster(what, where, "look at that node, and run the same command again");
    };
  }
}
