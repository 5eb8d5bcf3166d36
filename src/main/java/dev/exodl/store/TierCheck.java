package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.RepoFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the snapshot of a cache that is only read has the content that it should have. What
 * was read once is remembered.
 */
public final class TierCheck {
  private final ContentCheck check;

  /** As {@link HostCopies}: {@code memory} is the file that remembers digests between runs. */
  public TierCheck(Optional<Path> memory, HostCopies.Events events, BooleanSupplier stopped) {
    this.check = new ContentCheck(memory, events, stopped, stamp -> true);
  }

  private record Content(BlobId blob, Path path) {}

  /** Those of the files that have not their content there, or cannot be read. */
  public List<RepoFile> wrong(CacheTarget tier, List<RepoFile> files) {
    Map<RepoFile, @Nullable RepoFile> asked = new HashMap<>();
    Map<Content, RepoFile> first = new HashMap<>();
    Map<RepoFile, List<Path>> candidates = new LinkedHashMap<>();
    for (RepoFile file : files) {
      try {
        Path real = tier.visible(file).toRealPath();
        RepoFile one =
            Objects.requireNonNullElse(
                first.putIfAbsent(new Content(file.blob(), real), file), file);
        asked.put(file, one);
        candidates.putIfAbsent(one, List.of(real));
      } catch (IOException e) {
        asked.put(file, null);
      }
    }
    check.tell(candidates);
    Set<RepoFile> right = check.all(candidates).keySet();
    return files.stream().filter(f -> !right.contains(asked.get(f))).toList();
  }

  /** Keeps the digests for later runs. */
  public void remember() {
    check.remember();
  }
}
