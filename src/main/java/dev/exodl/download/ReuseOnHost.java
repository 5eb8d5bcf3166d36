package dev.exodl.download;

import dev.exodl.model.BlobId;
import dev.exodl.model.RepoFile;
import dev.exodl.store.Brought;
import dev.exodl.store.HostCopies;
import dev.exodl.store.HostCopy;
import dev.exodl.store.Presence;
import dev.exodl.store.Reuse;
import dev.exodl.store.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Takes what other programs have on this host, before anything is fetched. */
final class ReuseOnHost {
  private final Reuse reuse;
  private final Target target;
  private final SyncVoice voice;
  private final BooleanSupplier stopped;

  ReuseOnHost(Reuse reuse, Target target, SyncVoice voice, BooleanSupplier stopped) {
    this.reuse = reuse;
    this.target = target;
    this.voice = voice;
    this.stopped = stopped;
  }

  /**
   * Brings in what is found of the missing files.
   *
   * @param dryRun only look, and write nothing
   * @param minFree bytes that have to stay free on the target's disk
   * @return what is still missing
   */
  List<RepoFile> rest(List<RepoFile> missing, boolean dryRun, long minFree) {
    if (missing.isEmpty() || reuse.folders().isEmpty()) {
      return missing;
    }
    ReadingVoice reading = new ReadingVoice(voice);
    HostCopies copies =
        dryRun
            ? new HostCopies(reuse, missing, reading, stopped)
            : new HostCopies(reuse, missing, reading, stopped, target);
    target.lookAlso(copies.parts());
    List<RepoFile> rest = new ArrayList<>();
    try {
      Map<BlobId, HostCopy> found = copies.find();
      voice.board().readAll();
      if (!dryRun) {
        voice.board().toRead(found.values().stream().mapToLong(HostCopy::size).sum());
      }
      for (RepoFile file : missing) {
        HostCopy copy = found.get(file.blob());
        if (copy == null || !(dryRun || bring(file, copy, copies, minFree))) {
          rest.add(file);
        }
      }
    } finally {
      voice.board().readAll();
      if (!dryRun) {
        copies.remember();
      }
    }
    return rest;
  }

  /**
   * Whole copies of these files, which are not brought in: for who needs only some bytes of them.
   *
   * @param cached the repo's folder in the main cache
   * @param dryRun write nothing
   */
  Map<BlobId, HostCopy> copies(List<RepoFile> files, Path cached, boolean dryRun) {
    if (files.isEmpty()) {
      return Map.of();
    }
    List<Path> folders = new ArrayList<>(List.of(cached));
    folders.addAll(reuse.folders());
    Reuse all = new Reuse(folders, reuse.link(), reuse.memory());
    HostCopies copies = new HostCopies(all, files, new ReadingVoice(voice), stopped);
    try {
      return copies.find();
    } finally {
      voice.board().readAll();
      if (!dryRun) {
        copies.remember();
      }
    }
  }

  private boolean bring(RepoFile file, HostCopy copy, HostCopies copies, long minFree) {
    if (stopped.getAsBoolean()) {
      throw new CancellationException("stopped");
    }
    if (target.presence(file) instanceof Presence.BlobHere) {
      // Another path of the same content came before.
      target.link(file);
      return true;
    }
    AtomicLong read = new AtomicLong();
    Brought brought =
        target.bring(
            file,
            copy,
            reuse.link(),
            minFree,
            bytes -> {
              if (stopped.getAsBoolean()) {
                throw new CancellationException("stopped");
              }
              read.addAndGet(bytes);
              voice.board().read(bytes);
            });
    // A link is there at once.
    voice.board().read(Math.max(0, file.size() - read.get()));
    return switch (brought) {
      case Brought.Done done -> {
        copies.brought(copy, file.blob(), done.how());
        voice.tell(new SyncEvent.Reused(file, copy.path(), done.how()));
        yield true;
      }
      case Brought.Not not -> {
        voice.detail(copy.path() + " is not used: " + not.why());
        yield false;
      }
    };
  }
}
