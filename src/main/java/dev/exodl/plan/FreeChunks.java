package dev.exodl.plan;

import dev.exodl.model.ChunkGrid;
import dev.exodl.plan.swarm.ChunkBits;
import dev.exodl.plan.swarm.SwarmBlobs;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A plan as a swarm sees it: which of the snapshot's chunks are held, which may be fetched. Follows
 * the plan's events, so that no question goes through all files.
 */
final class FreeChunks implements PlanWatch {
  /** Chunks of open files that are neither held nor in a run. */
  final ChunkBits free;

  /** Chunks that are held, and those of files that need nothing any more. */
  final ChunkBits held;

  /** Chunks of files that were not opened yet. */
  final ChunkBits pending;

  /** Chunks of files that nobody began to open. */
  final ChunkBits closed;

  /** Chunks of small files. */
  final ChunkBits small;

  /** Chunks of files that the hub sends only from the start, in one run. */
  final ChunkBits sequential;

  /** Blobs that another process fetches to the same place: this one waits for it. */
  final BitSet elsewhere = new BitSet();

  private final SwarmBlobs blobs;
  private final int[] blobOfFile;
  private final int[] fileOfBlob;
  private final PlanState plan;
  private final Streams streams;
  private final BitSet ahead = new BitSet();
  private final BitSet largeClosed = new BitSet();
  private int smalls;

  FreeChunks(SwarmBlobs blobs, int[] blobOfFile, Streams streams, PlanState plan) {
    this.blobs = blobs;
    this.blobOfFile = blobOfFile;
    this.streams = streams;
    this.plan = plan;
    this.fileOfBlob = new int[blobs.count()];
    Arrays.fill(fileOfBlob, -1);
    this.free = new ChunkBits(blobs.places());
    this.held = new ChunkBits(blobs.places());
    this.pending = new ChunkBits(blobs.places());
    this.closed = new ChunkBits(blobs.places());
    this.small = new ChunkBits(blobs.places());
    this.sequential = new ChunkBits(blobs.places());
    for (FilePlan file : plan.files()) {
      int blob = blobOfFile[file.number];
      if (blob >= 0) {
        fileOfBlob[blob] = file.number;
        if (file.small) {
          small.set(blobs.place(blob), blobs.place(blob + 1));
          smalls++;
        }
      }
      staged(file);
    }
  }

  /** The blob of a file, or -1. */
  int blob(FilePlan file) {
    return blobOfFile[file.number];
  }

  FilePlan fileOf(int blob) {
    return plan.file(fileOfBlob[blob]);
  }

  FilePlan fileAt(int place) {
    return fileOf(blobs.blobAt(place));
  }

  /** The place of the swarm's chunk in which a file's own chunk begins. */
  int place(int number, int chunk) {
    int blob = blobOfFile[number];
    return blobs.place(blob, blobs.grid(blob).indexOf(plan.file(number).grid().start(chunk)));
  }

  boolean hasSmall() {
    return smalls > 0;
  }

  /** Whether there are large files that nobody began to open. */
  boolean hasLargeClosed() {
    return !largeClosed.isEmpty();
  }

  /** How many small files are open, or soon, and not yet fetched. */
  int ahead() {
    return ahead.cardinality();
  }

  /** Whether the file is cut as the swarm cuts it; a part of an older program may not be. */
  boolean cutAlike(FilePlan file) {
    return file.grid().chunkSize() == blobs.chunkSize();
  }

  @Override
  public void changed(FilePlan file, int first, int end) {
    int blob = blobOfFile[file.number];
    if (blob < 0 || file.stage != FilePlan.Stage.OPEN || end <= first) {
      return;
    }
    if (cutAlike(file)) {
      for (int c = first; c < end; c++) {
        boolean have = file.have.get(c);
        int place = blobs.place(blob, c);
        held.set(place, have);
        free.set(place, !have && !file.taken.get(c));
      }
    } else {
      ChunkGrid swarm = blobs.grid(blob);
      int last = swarm.indexOf(file.grid().start(end) - 1);
      for (int c = swarm.indexOf(file.grid().start(first)); c <= last; c++) {
        recut(file, blob, c);
      }
    }
    if (file.small) {
      ahead.set(file.number, file.firstFree(0) >= 0);
    }
  }

  /** A chunk of the swarm is held with all own chunks that it is in, and free with any. */
  private void recut(FilePlan file, int blob, int chunk) {
    ChunkGrid swarm = blobs.grid(blob);
    int first = file.grid().indexOf(swarm.start(chunk));
    int last = file.grid().indexOf(swarm.start(chunk + 1) - 1);
    boolean have = true;
    boolean open = false;
    for (int c = first; c <= last; c++) {
      have &= file.have.get(c);
      open |= !file.have.get(c) && !file.taken.get(c);
    }
    held.set(blobs.place(blob, chunk), have);
    free.set(blobs.place(blob, chunk), open);
  }

  @Override
  public void staged(FilePlan file) {
    int blob = blobOfFile[file.number];
    if (blob < 0) {
      return;
    }
    int first = blobs.place(blob);
    int end = blobs.place(blob + 1);
    free.clear(first, end);
    held.clear(first, end);
    pending.clear(first, end);
    closed.clear(first, end);
    largeClosed.set(file.number, !file.small && file.stage == FilePlan.Stage.CLOSED);
    if (file.sequential) {
      sequential.set(first, end);
    }
    ahead.clear(file.number);
    elsewhere.set(blob, file.stage == FilePlan.Stage.WAITING);
    switch (file.stage) {
      case CLOSED -> {
        pending.set(first, end);
        closed.set(first, end);
      }
      case OPENING -> {
        pending.set(first, end);
        ahead.set(file.number, file.small);
      }
      // To begin with them is not up to this node.
      case WAITING -> {}
      case OPEN -> changed(file, 0, file.grid().count());
      case GONE -> held.set(first, end);
    }
  }

  @Override
  public void ended(Run run) {
    FilePlan file = plan.file(run.file());
    boolean all = file.have.nextClearBit(run.first()) >= run.end();
    streams.ended(run, all ? file.grid().start(run.end()) - file.grid().start(run.first()) : 0);
  }
}
