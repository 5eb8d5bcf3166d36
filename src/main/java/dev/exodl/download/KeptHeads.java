package dev.exodl.download;

import dev.exodl.model.BlobId;
import dev.exodl.model.RepoFile;
import dev.exodl.store.Excerpts;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers the beginnings of files, in this run and for later ones: to know what is in the weight
 * files of an excerpt takes no hub then.
 */
final class KeptHeads implements FileBytes {
  private final Excerpts excerpts;
  private final boolean believe;
  private final FileBytes bytes;
  private final Map<BlobId, Beginning> known = new ConcurrentHashMap<>();
  private final Set<BlobId> fresh = ConcurrentHashMap.newKeySet();

  /**
   * Of an excerpts' folder.
   *
   * @param believe whether what was kept there by earlier runs counts
   * @param bytes where the rest comes from
   */
  KeptHeads(Excerpts excerpts, boolean believe, FileBytes bytes) {
    this.excerpts = excerpts;
    this.bytes = bytes;
    this.believe = believe;
  }

  @Override
  public byte[] read(RepoFile file, long from, int length) {
    Beginning here = of(file);
    long end = from + length;
    if (from > here.length()) {
      return bytes.read(file, from, length);
    }
    if (end > here.length()) {
      here = here.and(bytes.read(file, here.length(), (int) (end - here.length())));
      known.put(file.blob(), here);
      fresh.add(file.blob());
    }
    return here.part((int) from, length);
  }

  /** All that is known of a file's beginning. */
  Beginning of(RepoFile file) {
    return known.computeIfAbsent(file.blob(), b -> kept(file));
  }

  private Beginning kept(RepoFile file) {
    return believe
        ? excerpts
            .head(file.blob())
            .filter(h -> h.length <= file.size())
            .map(Beginning::new)
            .orElse(Beginning.NONE)
        : Beginning.NONE;
  }

  /** Keeps what came in this run. */
  void keep() {
    for (BlobId blob : fresh) {
      Beginning beginning = known.getOrDefault(blob, Beginning.NONE);
      excerpts.keepHead(blob, beginning.part(0, beginning.length()));
    }
    fresh.clear();
  }

  /** The files of which something is known. */
  Set<BlobId> blobs() {
    return Set.copyOf(known.keySet());
  }
}
