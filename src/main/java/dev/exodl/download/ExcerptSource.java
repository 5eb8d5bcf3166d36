package dev.exodl.download;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.model.ByteRange;
import dev.exodl.model.RepoFile;
import dev.exodl.weights.Excerpt;
import java.util.Map;

/**
 * Excerpts as if they were files of the source: what is known comes from memory, the rest by ranges
 * of the weight file. What else is asked for comes from the source as it is.
 */
final class ExcerptSource implements ChunkSource {
  private final Map<RepoFile, Cut> cuts;
  private final ChunkSource source;

  /**
   * How an excerpt is made.
   *
   * @param of the weight file
   * @param known of the weight file
   */
  record Cut(Excerpt excerpt, RepoFile of, Beginning known) {}

  ExcerptSource(Map<RepoFile, Cut> cuts, ChunkSource source) {
    this.cuts = Map.copyOf(cuts);
    this.source = source;
  }

  @Override
  public ChunkStream open(RepoFile file, ByteRange range) throws SourceException {
    Cut cut = cuts.get(file);
    return cut == null ? source.open(file, range) : new ExcerptStream(cut, source, range);
  }
}
