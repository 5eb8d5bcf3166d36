package dev.exodl.download;

import dev.exodl.model.Commit;
import dev.exodl.model.RepoFile;
import java.time.Duration;
import java.util.List;

/**
 * What was put into an archive.
 *
 * @param bytesKept of the files' bytes, those that a run before had written
 * @param archiveBytes the size of the archive
 */
public record ExportResult(
    ExportRequest request,
    Commit commit,
    List<RepoFile> files,
    long bytesKept,
    long archiveBytes,
    Duration took) {}
