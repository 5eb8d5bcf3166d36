package dev.exodl.cli.show;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncEvent;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** One JSON object a line, for programs. The shapes are a promise: docs/json-output.md. */
public final class JsonDisplay implements Display {
  /** Raised when a field changes its meaning or goes; new fields and events may come without. */
  static final int VERSION = 1;

  private final Screen screen;
  private final LongSupplier nanos;
  private final Rate rate = new Rate();

  public JsonDisplay(Screen screen, LongSupplier nanos) {
    this.screen = screen;
    this.nanos = nanos;
  }

  @Override
  public void on(SyncEvent event) {
    ObjectNode line =
        switch (event) {
          case SyncEvent.Resolved e ->
              line("resolved")
                  .put("repo", e.repo().id())
                  .put("repoType", e.repo().type().word())
                  .put("revision", e.revision().name())
                  .put("commit", e.commit().hex());
          case SyncEvent.Planned e ->
              line("planned")
                  .put("listed", e.listed())
                  .put("chosen", e.chosen())
                  .put("bytes", e.bytes())
                  .put("missing", e.missing())
                  .put("bytesMissing", e.bytesMissing());
          case SyncEvent.Sharded e ->
              line("shard")
                  .put("layers", e.choice().layers().toString())
                  .put("tensors", e.choice().needed().count())
                  .put("tensorBytes", e.choice().needed().bytes())
                  .put("weightFiles", e.choice().needed().files().size())
                  .put("weightFileBytes", e.choice().needed().fileBytes())
                  .put("form", e.choice().form().name().toLowerCase(Locale.ROOT));
          case SyncEvent.Dealt e ->
              line("dealt")
                  .put("share", e.share().number())
                  .put("shares", e.share().of())
                  .put("how", e.share().how().word());
          case SyncEvent.ShardReady e ->
              line("shardReady")
                  .put("layers", e.choice().layers().toString())
                  .put("path", e.path().toString())
                  .put("weightFiles", e.choice().needed().files().size())
                  .put("weightFileBytes", e.choice().needed().fileBytes());
          case SyncEvent.Checking e ->
              line("checking").put("files", e.files()).put("bytes", e.bytes());
          case SyncEvent.Reused e ->
              line("reused")
                  .put("path", e.file().path().value())
                  .put("size", e.file().size())
                  .put("from", e.from().toString())
                  .put("by", e.how().name().toLowerCase(Locale.ROOT));
          case SyncEvent.FilePlaced e ->
              line("file").put("path", e.file().path().value()).put("size", e.file().size());
          case SyncEvent.Retrying e ->
              line("retry")
                  .put("where", e.where())
                  .put("what", e.what())
                  .put("attempt", e.attempt())
                  .put("delayMs", e.delay().toMillis());
          case SyncEvent.Throttled e ->
              line("throttled").put("what", e.what()).put("delayMs", e.delay().toMillis());
          case SyncEvent.WaitingForLock e ->
              line("waiting")
                  .put("path", e.file().path().value())
                  .put("owner", e.owner())
                  .put("sinceMs", e.since().toMillis());
          case SyncEvent.Repairing e ->
              line("repairing").put("path", e.file().path().value()).put("what", e.what());
          case SyncEvent.Warning e -> line("warning").put("text", e.text());
          case SyncEvent.Detail e -> line("detail").put("text", e.text());
        };
    write(line);
  }

  @Override
  public synchronized void tick(ProgressBoard.View view) {
    rate.sample(nanos.getAsLong(), view.fetched());
    view.reading().ifPresent(r -> write(line("reading").put("bytes", r.bytes()).put("of", r.of())));
    if (view.files().isEmpty() || view.reading().isPresent()) {
      return;
    }
    ObjectNode line =
        line("progress")
            .put("bytes", view.bytes())
            .put("held", view.held())
            .put("fetched", view.fetched())
            .put("files", view.filesInAll())
            .put("filesDone", view.filesDone())
            .put("connections", view.connections())
            .put("bytesPerSecond", Math.round(rate.perSecond()));
    rate.left(view.bytes() - view.held()).ifPresent(l -> line.put("secondsLeft", l.toSeconds()));
    write(line);
  }

  @Override
  public Duration interval() {
    return Duration.ofSeconds(1);
  }

  @Override
  public void say(String text) {
    write(line("message").put("text", text));
  }

  @Override
  public void close() {}

  private static ObjectNode line(String event) {
    return JsonNodeFactory.instance.objectNode().put("v", VERSION).put("event", event);
  }

  private void write(ObjectNode line) {
    screen.write(line + "\n");
  }
}
