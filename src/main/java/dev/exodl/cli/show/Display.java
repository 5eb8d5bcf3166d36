package dev.exodl.cli.show;

import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncListener;
import java.time.Duration;

/** Shows a running sync. {@link #on} is called from many threads, {@link #tick} from one. */
public interface Display extends SyncListener, AutoCloseable {
  /** Draws the figures. Called every {@link #interval()}. */
  void tick(ProgressBoard.View view);

  Duration interval();

  /** Tells a line that is no event, above whatever is drawn. */
  void say(String line);

  /** Leaves the screen as it was found: bars are gone, the cursor is back. May be called twice. */
  @Override
  void close();
}
