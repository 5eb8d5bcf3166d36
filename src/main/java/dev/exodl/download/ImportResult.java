package dev.exodl.download;

import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.Revision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What came out of an archive.
 *
 * @param path the snapshot's folder
 * @param placed those of the files that were not here before
 */
public record ImportResult(
    Repo repo,
    Revision revision,
    Commit commit,
    Path path,
    List<RepoFile> files,
    List<RepoFile> placed,
    Duration took) {}
