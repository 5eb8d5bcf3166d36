package dev.exodl.model;

/**
 * Why something a user asked for did not happen: what, where, and what to do next, each a short
 * text in one line.
 */
public sealed interface Failure {
  /** What happened, without a full stop. */
  String what();

  /** The file, address or setting it happened at. */
  String where();

  /** What the user can do next. */
  String next();

  /** A bug or a state that was thought impossible. */
  record Internal(String what, String where, String next) implements Failure {}

  /** A wrong argument, option or setting. */
  record Usage(String what, String where, String next) implements Failure {}

  /** No token, a bad one, or no right to a gated or disabled repo. */
  record Auth(String what, String where, String next) implements Failure {}

  /** Repo, revision or file is not there. */
  record NotFound(String what, String where, String next) implements Failure {}

  /**
   * The hub could not be reached, broke off or asked to slow down; the same command goes on later.
   */
  record Network(String what, String where, String next) implements Failure {}

  /** Content or names are not what they have to be. */
  record Integrity(String what, String where, String next) implements Failure {}

  /** Disk, permissions, locks. */
  record Storage(String what, String where, String next) implements Failure {}

  /**
   * The other nodes are not found, cannot be joined, or this node's place among them is unusable.
   */
  record Cluster(String what, String where, String next) implements Failure {}

  /** Some of what was asked for is there and some is not. */
  record Partial(String what, String where, String next) implements Failure {}

  /** The exit code that stands for this failure. */
  default ExitCode exitCode() {
    return switch (this) {
      case Internal f -> ExitCode.INTERNAL;
      case Usage f -> ExitCode.USAGE;
      case Auth f -> ExitCode.AUTH;
      case NotFound f -> ExitCode.NOT_FOUND;
      case Network f -> ExitCode.NETWORK;
      case Integrity f -> ExitCode.INTEGRITY;
      case Storage f -> ExitCode.STORAGE;
      case Cluster f -> ExitCode.CLUSTER;
      case Partial f -> ExitCode.PARTIAL;
    };
  }

  /** One line for people. */
  default String line() {
    return what() + " (" + where() + "); " + next();
  }
}
