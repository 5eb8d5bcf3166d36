package dev.exodl.cli;

import dev.exodl.download.SyncEvent;
import dev.exodl.download.SyncListener;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a user's command when this node's layers are here, while the sync goes on. What it is told
 * is in variables, never in its text; what it prints goes to stderr.
 */
final class ReadyCommand implements SyncListener {
  /** Their names are no settings of ours; see {@code SettingsLookup}. */
  private static final String MODEL = "EXO_DL_MODEL";

  private static final String COMMIT = "EXO_DL_COMMIT";
  private static final String PATH = "EXO_DL_PATH";
  private static final String LAYERS = "EXO_DL_LAYERS";
  private static final String LAYER_COUNT = "EXO_DL_LAYER_COUNT";

  private final String command;
  private final SyncListener display;
  private volatile Consumer<String> warn;
  private volatile @Nullable Thread running;

  /** Guarded by this. */
  private @Nullable Process process;

  /** Whether it is not to run, or not to go on. Guarded by this. */
  private boolean stopped;

  /** A command that runs when the event comes; all events go to the display too. */
  ReadyCommand(String command, SyncListener display) {
    this.command = command;
    this.display = display;
    this.warn = text -> display.on(new SyncEvent.Warning(text));
  }

  @Override
  public void on(SyncEvent event) {
    display.on(event);
    if (event instanceof SyncEvent.ShardReady ready) {
      // It may take long, and who told this has to go on.
      running = Thread.ofPlatform().daemon().name("on shard ready").start(() -> run(ready));
    }
  }

  private void run(SyncEvent.ShardReady ready) {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", "exec >&2\n" + command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder
        .environment()
        .putAll(
            Map.of(
                MODEL, ready.repo().id(),
                COMMIT, ready.commit().hex(),
                PATH, ready.path().toString(),
                LAYERS, ready.choice().layers().toString(),
                LAYER_COUNT, Integer.toString(ready.choice().model().layers())));
    try {
      Process begun = begin(builder);
      if (begun == null) {
        return;
      }
      int code = begun.waitFor();
      if (code != 0 && !isStopped()) {
        warn.accept("the command of --on-shard-ready ended with " + code);
      }
    } catch (IOException e) {
      warn.accept("the command of --on-shard-ready cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable Process begin(ProcessBuilder builder) throws IOException {
    process = stopped ? null : builder.start();
    return process;
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  /** A signal ends the program: what still runs of the command is told to end too. */
  synchronized void stop() {
    stopped = true;
    if (process != null) {
      List<ProcessHandle> begun = process.descendants().toList();
      process.destroy();
      begun.forEach(ProcessHandle::destroy);
    }
  }

  /** The display is closed: what there is to warn of is told so from now on. */
  void displayClosed(Consumer<String> warning) {
    warn = warning;
  }

  /** Waits until the command has ended, if it was begun; a signal ends it. */
  void await(Stopper stopper) {
    Thread begun = running;
    try (Stopper.Running _ = stopper.running(_ -> stop())) {
      if (begun != null) {
        begun.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
