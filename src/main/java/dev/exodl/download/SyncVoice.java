package dev.exodl.download;

import dev.exodl.fetch.FetchListener;
import dev.exodl.fetch.Trouble;
import dev.exodl.hub.HubListener;
import dev.exodl.hub.RequestTrace;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.Origin;
import dev.exodl.swarm.NodeListener;
import dev.exodl.swarm.Swarm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What the rooms below tell, turned into events and figures. Keeps one storm from becoming a
 * thousand lines.
 */
final class SyncVoice implements FetchListener, HubListener, NodeListener {
  private static final long QUIET_NANOS = 5_000_000_000L;

  private final SyncListener listener;
  private final ProgressBoard board;
  private final Map<Class<?>, Long> toldAt = new ConcurrentHashMap<>();
  private volatile @Nullable Swarm swarm;
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  SyncVoice(SyncListener listener, ProgressBoard board) {
    this.listener = listener;
    this.board = board;
  }

  ProgressBoard board() {
    return board;
  }

  void tell(SyncEvent event) {
    listener.on(event);
  }

  @Override
  public void warn(String text) {
    warnings.add(text);
    tell(new SyncEvent.Warning(text));
  }

  /** Every warning told so far. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public void detail(String text) {
    tell(new SyncEvent.Detail(text));
  }

  /** Where what comes is counted too. */
  void swarm(Swarm entered) {
    swarm = entered;
  }

  @Override
  public void received(Origin from, long bytes) {
    Swarm counting = swarm;
    if (counting != null) {
      counting.received(from, bytes);
    }
    switch (from) {
      case Origin.Hub hub -> board.fetched(bytes);
      case Origin.Peer peer -> board.fetchedFromPeer(bytes);
    }
  }

  @Override
  public void written(RepoFile file, long delta) {
    board.held(file, delta);
  }

  @Override
  public void connections(int delta) {
    board.connections(delta);
  }

  @Override
  public void retrying(RepoFile file, Trouble trouble, int attempt, Duration delay) {
    retrying(file.path().value(), trouble, attempt, delay);
  }

  void retrying(String where, Trouble trouble, int attempt, Duration delay) {
    SyncEvent event =
        trouble instanceof Trouble.Throttled
            ? new SyncEvent.Throttled(trouble.what(), delay)
            : new SyncEvent.Retrying(where, trouble.what(), attempt, delay);
    long now = System.nanoTime();
    // By its kind: the words may hold numbers and be new each time.
    Long last = toldAt.get(trouble.getClass());
    if (last == null || now - last > QUIET_NANOS) {
      toldAt.put(trouble.getClass(), now);
      tell(event);
    } else {
      detail(where + ": " + trouble.what() + ", attempt " + attempt);
    }
  }

  @Override
  public void exchanged(RequestTrace trace) {
    detail(trace.toString());
  }

  @Override
  public void warned(String text) {
    warn("the hub says: " + text);
  }
}
