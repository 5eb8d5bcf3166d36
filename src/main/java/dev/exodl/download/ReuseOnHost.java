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
    HostCopies copies = new HostCopies(reuse, missing, told(), stopped);
    target.lookAlso(copies.parts());
    Map<BlobId, HostCopy> found = copies.find();
    List<RepoFile> rest = new ArrayList<>();
    try {
      for (RepoFile file : missing) {
        HostCopy copy = found.get(file.blob());
        if (copy == null || !(dryRun || bring(file, copy, copies, minFree))) {
          rest.add(file);
        }
      }
    } finally {
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
    HostCopies copies =
        new HostCopies(new Reuse(folders, reuse.link(), reuse.memory()), files, told(), stopped);
    Map<BlobId, HostCopy> found = copies.find();
    if (!dryRun) {
      copies.remember();
    }
    return found;
  }

  private HostCopies.Events told() {
    return new HostCopies.Events() {
      @Override
      public void checking(int files, long bytes) {
        voice.tell(new SyncEvent.Checking(files, bytes));
      }

      @Override
      public void detail(String text) {
        voice.detail(text);
      }
    };
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
    return switch (target.bring(file, copy, reuse.link(), minFree)) {
      case Brought.Done done -> {
        copies.linked(copy, file.blob());
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
