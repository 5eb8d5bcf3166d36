package dev.exodl.cli;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a user writes for a repo: {@code ORG/NAME[@REV]}, {@code datasets/ORG/NAME}, or {@code
 * hf://[TYPEs/]ORG/NAME[@REV][/path]} as huggingface_hub's file system has it.
 *
 * @param revision empty when none was given
 * @param path a file in the repo, or a folder ending in {@code /}
 */
record RepoArgument(Repo repo, Optional<Revision> revision, Optional<String> path) {
  private static final String HF = "hf://";

  /** A ref with slashes is known by its beginning; else the revision ends at the next slash. */
  private static final Pattern AFTER_AT =
      Pattern.compile("(refs/(?:convert|pr)/[^/]+|[^/]+)(?:/(.*))?");

  /**
   * Reads the argument together with the options that say the same.
   *
   * @throws FailureException usage failure, also where they contradict each other
   */
  static RepoArgument of(String text, @Nullable RepoType type, @Nullable String revision) {
    if (text.startsWith("http://") || text.startsWith("https://")) {
      throw bad(
          "'" + Printable.of(text) + "' is an address, not a repo",
          "give what follows the host, as ORG/NAME, and --revision; a mirror goes to --endpoint");
    }
    RepoArgument read =
        text.startsWith(HF) ? address(text.substring(HF.length()), type) : plain(text, type);
    if (revision == null) {
      return read;
    }
    Revision option = new Revision(revision);
    if (read.revision().isPresent() && !read.revision().get().equals(option)) {
      throw bad(
          "two revisions: '" + read.revision().get() + "' and --revision '" + option + "'",
          "give one of them");
    }
    return new RepoArgument(read.repo(), Optional.of(option), read.path());
  }

  private static RepoArgument plain(String text, @Nullable RepoType type) {
    int at = text.indexOf('@');
    String id = at < 0 ? text : text.substring(0, at);
    Optional<Revision> revision =
        at < 0 ? Optional.empty() : Optional.of(new Revision(text.substring(at + 1)));
    Optional<RepoType> prefix = Optional.empty();
    if (id.chars().filter(c -> c == '/').count() == 2) {
      prefix = typeOf(id.substring(0, id.indexOf('/')));
      if (prefix.isPresent()) {
        id = id.substring(id.indexOf('/') + 1);
      }
    }
    return new RepoArgument(new Repo(one(type, prefix), id), revision, Optional.empty());
  }

  private static RepoArgument address(String text, @Nullable RepoType type) {
    int slash = text.indexOf('/');
    Optional<RepoType> prefix = slash < 0 ? Optional.empty() : typeOf(text.substring(0, slash));
    String rest = prefix.isPresent() ? text.substring(slash + 1) : text;
    RepoType kind = one(type, prefix);
    int at = rest.indexOf('@');
    List<String> names = Arrays.asList(rest.split("/", 3));
    boolean atInId = at >= 0 && (names.size() < 3 || at < rest.length() - names.get(2).length());
    if (atInId) {
      Matcher match = AFTER_AT.matcher(rest.substring(at + 1).replace("%2F", "/"));
      if (!match.matches()) {
        throw bad("nothing follows '@' in '" + Printable.of(text) + "'", "give a revision there");
      }
      return new RepoArgument(
          new Repo(kind, rest.substring(0, at)),
          Optional.of(new Revision(match.group(1))),
          path(match.group(2)));
    }
    String id =
        names.size() < 2 || names.get(1).isEmpty()
            ? names.get(0)
            : names.get(0) + "/" + names.get(1);
    return new RepoArgument(
        new Repo(kind, id), Optional.empty(), path(names.size() < 3 ? null : names.get(2)));
  }

  private static Optional<String> path(@Nullable String text) {
    return Optional.ofNullable(text).filter(t -> !t.isEmpty());
  }

  private static Optional<RepoType> typeOf(String word) {
    return Arrays.stream(RepoType.values()).filter(t -> t.plural().equals(word)).findFirst();
  }

  private static RepoType one(@Nullable RepoType option, Optional<RepoType> prefix) {
    if (option != null && prefix.isPresent() && prefix.get() != option) {
      throw bad(
          "two types of repo: " + prefix.get().word() + " and --repo-type " + option.word(),
          "give one of them");
    }
    return option != null ? option : prefix.orElse(RepoType.MODEL);
  }

  private static FailureException bad(String what, String next) {
    return new FailureException(new Failure.Usage(what, "the argument REPO", next));
  }
}
