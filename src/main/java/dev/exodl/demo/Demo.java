package dev.exodl.demo;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The demo's story: a hub starts, several nodes sync its model together, one of them syncs again,
 * and each file of each node is read back and checked. Anything that is not as it has to be ends it
 * with a failure. Runs once.
 */
public final class Demo implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final long modelBytes;
  private final int nodes;
  private final Path temp;
  private final @Nullable Path keep;
  private @Nullable TempFolder work;
  private @Nullable DemoHub hub;
  private boolean closed;

  /** The client that is shown. */
  @FunctionalInterface
  public interface Client {
    /**
     * Syncs {@code repo} from the endpoint into Hugging Face caches: into one by itself, into
     * several by as many nodes of one cluster, all at the same moment.
     *
     * @param meeting a folder that nobody else knows, where the nodes find each other; need not be
     *     there
     * @return what each node did, in the order of the caches
     */
    List<Fetched> sync(URI endpoint, String repo, List<Path> caches, Path meeting);
  }

  /**
   * What one node did.
   *
   * @param snapshot the snapshot's folder
   * @param fromHub bytes of files that it got from the hub
   * @param fromNodes bytes of files that it got from the other nodes
   */
  public record Fetched(Path snapshot, long fromHub, long fromNodes, Duration took) {}

  /**
   * A story that has not begun.
   *
   * @param modelBytes size of the model, see {@link DemoHub#start(long, Path)}
   * @param nodes how many sync it together
   * @param temp where a folder is made for all that goes away at the end
   * @param keep the first node's cache, which stays; null for one that goes away
   */
  public Demo(long modelBytes, int nodes, Path temp, @Nullable Path keep) {
    if (nodes < 1) {
      throw new IllegalArgumentException("no nodes: " + nodes);
    }
    this.modelBytes = modelBytes;
    this.nodes = nodes;
    this.temp = temp;
    this.keep = keep;
  }

  /**
   * Tells the story on the caller's thread.
   *
   * @return the first node's snapshot, which is gone after {@link #close()} unless it is kept
   * @throws FailureException the client's own, storage failure where there is too little space,
   *     integrity failure when a file is wrong, internal failure when the second sync was not free
   */
  public Path run(Client client, Consumer<DemoStep> listener) {
    long begin = System.nanoTime();
    Path folder = begin();
    DemoHub running = started(DemoHub.start(modelBytes, folder));
    DemoModel model = running.model();
    listener.accept(
        new DemoStep.HubReady(
            running.endpoint(), DemoModel.REPO, model.files().size(), model.bytes(), since(begin)));

    List<Path> caches = caches(folder);
    Path meeting = folder.resolve("meeting");
    listener.accept(new DemoStep.NodesBegin(nodes));
    List<Fetched> fetched = client.sync(running.endpoint(), DemoModel.REPO, caches, meeting);
    int requests = running.requests();
    long bytes = running.bytesServed();
    listener.accept(new DemoStep.Synced(requests, bytes, model.bytes(), fetched));

    begin = System.nanoTime();
    client.sync(running.endpoint(), DemoModel.REPO, caches.subList(0, 1), meeting);
    DemoStep.SyncedAgain again =
        new DemoStep.SyncedAgain(
            running.requests() - requests, running.bytesServed() - bytes, since(begin));
    listener.accept(again);
    if (again.requests() > 1 || again.bytes() > 0) {
      throw notFree(again);
    }

    begin = System.nanoTime();
    for (Fetched node : fetched) {
      for (DemoFile file : model.files()) {
        verify(node.snapshot().resolve(file.path()), file);
      }
    }
    listener.accept(
        new DemoStep.Verified(nodes, model.files().size(), nodes * model.bytes(), since(begin)));
    return fetched.getFirst().snapshot();
  }

  private List<Path> caches(Path folder) {
    List<Path> caches = new ArrayList<>();
    for (int i = 1; i <= nodes; i++) {
      caches.add(i == 1 && keep != null ? keep : folder.resolve("cache-" + i));
    }
    return caches;
  }

  /** All that goes away is in one folder, so that a stop at any moment leaves nothing. */
  private synchronized Path begin() {
    if (closed) {
      throw new CancellationException("stopped");
    }
    try {
      // Each node looks for space on its own, but all of them take it.
      int copies = 1 + nodes - (keep == null ? 0 : 1);
      long free = Files.getFileStore(temp).getUsableSpace();
      if (free / copies < modelBytes) {
        throw new FailureException(
            new Failure.Storage(
                "the demo needs room for "
                    + copies
                    + " times the model's "
                    + modelBytes
                    + " bytes, "
                    + free
                    + " are free",
                temp.toString(),
                "give a smaller --model-size, fewer --nodes, or another folder in TMPDIR"));
      }
      work = TempFolder.in(temp);
      return work.path();
    } catch (IOException e) {
      throw new FailureException(
          new Failure.Storage(
              "no folder for the demo can be made: " + e.getMessage(),
              temp.toString(),
              "name a folder with enough space in TMPDIR"),
          e);
    }
  }

  private DemoHub started(DemoHub running) {
    synchronized (this) {
      if (!closed) {
        hub = running;
        return running;
      }
    }
    running.close();
    throw new CancellationException("stopped");
  }

  private static void verify(Path path, DemoFile file) {
    MessageDigest digest = file.digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(path)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw new FailureException(
          new Failure.Integrity(
              "the sync left a file that cannot be read: " + e,
              path.toString(),
              "report it to the project"),
          e);
    }
    if (!Hashes.hex(digest.digest()).equals(file.etag())) {
      throw new FailureException(
          new Failure.Integrity(
              "the sync left a file that is not what the demo hub has",
              path.toString(),
              "report it to the project"));
    }
  }

  private static FailureException notFree(DemoStep.SyncedAgain again) {
    return new FailureException(
        new Failure.Internal(
            "the second sync took "
                + again.requests()
                + " requests and "
                + again.bytes()
                + " bytes where one request is enough",
            "exo-dl demo",
            "report it to the project"));
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  /** Stops the hub and removes all that is not to be kept. May be called from any thread. */
  @Override
  public void close() {
    TempFolder folder;
    DemoHub running;
    synchronized (this) {
      closed = true;
      folder = work;
      running = hub;
    }
    // Whoever stops the program may not wait long: what would stay behind goes first.
    if (folder != null) {
      folder.close();
    }
    if (running != null) {
      running.close();
    }
  }
}
