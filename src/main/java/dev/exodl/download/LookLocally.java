package dev.exodl.download;

import dev.exodl.model.RepoFile;
import dev.exodl.store.Presence;
import dev.exodl.store.Target;
import dev.exodl.verify.BlobDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells chosen files that are here from those that have to be fetched. */
final class LookLocally {
  private static final int BUFFER = 1 << 20;

  private final Target target;
  private final SyncVoice voice;

  LookLocally(Target target, SyncVoice voice) {
    this.target = target;
    this.voice = voice;
  }

  /**
   * What was found.
   *
   * @param checked visible, and hashed just now, since nothing remembered them
   * @param linkable whole on this disk, but not at their place yet
   */
  record Sorted(
      List<RepoFile> visible,
      List<RepoFile> checked,
      List<RepoFile> linkable,
      List<RepoFile> missing) {}

  /** Sorts the files. {@code believe} false: everything counts as missing. */
  Sorted sort(List<RepoFile> files, boolean believe) {
    Sorted sorted =
        new Sorted(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Map<RepoFile, Path> unknown = new LinkedHashMap<>();
    for (RepoFile file : files) {
      if (!believe) {
        sorted.missing.add(file);
        continue;
      }
      switch (target.presence(file)) {
        case Presence.Visible visible -> sorted.visible.add(file);
        case Presence.BlobHere here -> sorted.linkable.add(file);
        case Presence.Check check -> unknown.put(file, check.path());
        case Presence.Missing missing -> {
          if (missing.disbelieved() != null) {
            voice.warn(missing.disbelieved());
          }
          sorted.missing.add(file);
        }
      }
    }
    voice.board().toRead(unknown.keySet().stream().mapToLong(RepoFile::size).sum());
    unknown.forEach(
        (file, path) -> {
          voice.detail("checking " + path + ", which was there");
          (right(path, file) ? sorted.checked : sorted.missing).add(file);
        });
    voice.board().readAll();
    return sorted;
  }

  private boolean right(Path path, RepoFile file) {
    BlobDigest digest = BlobDigest.of(file.blob(), file.size());
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(path)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        digest.update(buffer, 0, got);
        voice.board().read(got);
      }
    } catch (IOException e) {
      voice.detail("cannot read " + path + ": " + e);
      return false;
    }
    return digest.matches();
  }
}
