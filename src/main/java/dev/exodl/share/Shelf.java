package dev.exodl.share;

import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import java.nio.file.Path;
import java.util.Optional;

/** What a node can give to others. Called by the server's threads; must return at once. */
public interface Shelf {
  /**
   * The file that holds these bytes of a blob, whole and checked, at the same offsets; empty when
   * not all of them are here. The file may be renamed a moment later.
   */
  Optional<Path> find(BlobId blob, ByteRange range);

  /** The file that was found for this blob is not there. */
  default void gone(BlobId blob, Path file) {}
}
