package dev.exodl.cli;

import dev.exodl.download.SyncRequest.Selection;
import dev.exodl.model.RepoType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which revision of a repo, and which files of it. */
final class SelectionOptions {
  @Option(
      names = "--repo-type",
      paramLabel = "TYPE",
      description = "model, dataset or space. Default: model.")
  @Nullable RepoType type;

  @Option(
      names = "--revision",
      paramLabel = "REV",
      description = "Branch, tag, commit or ref. Default: main.")
  @Nullable String revision;

  @Option(
      names = "--include",
      paramLabel = "PATTERN",
      description = "Only files that match; may be repeated.")
  List<String> includes = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "PATTERN",
      description = "No files that match; may be repeated.")
  List<String> excludes = new ArrayList<>();

  RepoArgument repo(String text) {
    return RepoArgument.of(text, type, revision);
  }

  /** Files that are named put the patterns aside. */
  Selection selection(List<String> named) {
    return named.isEmpty()
        ? new Selection(List.of(), includes, excludes)
        : new Selection(named, List.of(), List.of());
  }

  boolean hasPatterns() {
    return !(includes.isEmpty() && excludes.isEmpty());
  }
}
