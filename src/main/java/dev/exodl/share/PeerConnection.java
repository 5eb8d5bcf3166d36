package dev.exodl.share;

import dev.exodl.model.ByteRange;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a peer: requests are read and answered one at a time. While one is answered
 * nothing is read, so that a peer cannot pile up requests here (Vert.x' own HTTP server queues
 * pipelined requests without bound, which is why it is not used). Everything but {@link
 * #closeWhenIdle} and {@link #underWay} runs on the connection's event loop.
 */
final class PeerConnection implements Places.Guest {
  private static final int LONGEST_HEAD = 4096;
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  /** What is read of a file at a time to be encrypted: what one answer takes of the memory. */
  private static final int BLOCK = 128 << 10;

  /** A peer that takes less in some time than this, or than all it is sent, stands still. */
  private static final long LEAST = 1 << 20;

  /** A file that is moved just when it is opened is looked up again. */
  private static final int LOOKUPS = 4;

  private final NetSocketInternal socket;
  private final Vertx vertx;
  private final Desk desk;
  private final Pace pace;
  private final LongAdder served;
  private final InetAddress peer;
  private final InetSocketAddress server;

  /** Bytes not yet understood. */
  private Buffer read = Buffer.buffer();

  /** Whether it once asked as those do who belong here. Written by the event loop only. */
  private volatile boolean belongs;

  private volatile boolean answering;
  private volatile long waitingSince = System.nanoTime();

  /** Whether something is on its way that the peer has to take. */
  private volatile boolean sending;

  /** What it has to take, if that is a part of a file. */
  private volatile @Nullable FileRegion region;

  /** Since when it did not take {@link #LEAST} of it. */
  private volatile long movedAt;

  private volatile long movedTo;
  private boolean encrypted;
  private boolean holdsSlot;
  private boolean last;
  private boolean closed;

  PeerConnection(
      NetSocket socket,
      InetAddress peer,
      InetSocketAddress server,
      Vertx vertx,
      Desk desk,
      Pace pace,
      LongAdder served) {
    // What Vert.x offers for messages of other kinds than its own.
    this.socket = (NetSocketInternal) socket;
    this.peer = peer;
    this.server = server;
    this.vertx = vertx;
    this.desk = desk;
    this.pace = pace;
    this.served = served;
  }

  @Override
  public InetAddress peer() {
    return peer;
  }

  @Override
  public boolean belongs() {
    return belongs;
  }

  @Override
  public void drop() {
    // Vert.x' close waits until all is sent.
    ChannelFuture _ = socket.channelHandlerContext().close();
  }

  /** Begins to answer. {@code ended} is run when the connection is closed, by whomever. */
  void begin(Runnable ended) {
    socket.exceptionHandler(e -> socket.close());
    socket.closeHandler(
        v -> {
          closed = true;
          giveBackSlot();
          ended.run();
        });
    socket.handler(
        bytes -> {
          read.appendBuffer(bytes);
          next();
        });
  }

  /** Goes over to TLS: nothing is read or sent before both sides have shown what they have to. */
  void encrypt() {
    encrypted = true;
    socket
        .upgradeToSsl()
        .onFailure(
            e -> {
              // Anything else is a connection that broke.
              if (e instanceof SSLException) {
                desk.told(peer, "it does not show this cluster's key by TLS");
              }
              socket.close();
            });
  }

  /**
   * Closes a connection on which a whole request is awaited for too long, or whose peer takes
   * nearly nothing for too long. Any thread.
   */
  void closeWhenIdle(long waitNanos, long standstillNanos) {
    long now = System.nanoTime();
    if (sending) {
      long taken = underWay();
      if (taken - movedTo >= LEAST) {
        movedTo = taken;
        movedAt = now;
      }
    }
    if (sending ? now - movedAt > standstillNanos : !answering && now - waitingSince > waitNanos) {
      drop();
    }
  }

  /** Bytes sent of what is being sent of a file and is not counted yet. Any thread. */
  long underWay() {
    FileRegion part = region;
    return part == null ? 0 : part.transferred();
  }

  private void sends(@Nullable FileRegion part) {
    region = part;
    movedTo = 0;
    movedAt = System.nanoTime();
    sending = true;
  }

  private void sent() {
    sending = false;
    region = null;
  }

  private void next() {
    if (answering || closed) {
      return;
    }
    if (encrypted && !socket.isSsl()) {
      // Nobody is answered in the clear, however early a request comes.
      socket.close();
      return;
    }
    int length = headLength();
    if (length < 0 && read.length() <= LONGEST_HEAD) {
      return;
    }
    answering = true;
    socket.pause();
    if (length < 0 || length > LONGEST_HEAD) {
      say(431, "Request Header Fields Too Large", "", "the request is too long", true);
      return;
    }
    RequestHead head = RequestHead.parse(read.getString(0, length, "ISO-8859-1"));
    read = read.getBuffer(length + HEAD_END.length, read.length());
    if (head == null) {
      say(400, "Bad Request", "", "this is not HTTP/1.1 as nodes speak it", true);
      return;
    }
    last = head.isLast();
    Answer answer = desk.answer(head, peer, server);
    belongs |= desk.proves(answer);
    switch (answer) {
      case Answer.No no ->
          say(no.status(), no.phrase(), no.headers(), no.reason(), last || no.last());
      case Answer.Bytes bytes -> {
        holdsSlot = true;
        give(bytes);
      }
    }
  }

  /** Where the first head ends, its empty line not counted; -1 when it is not all here. */
  private int headLength() {
    byte[] bytes = read.getBytes(0, Math.min(read.length(), LONGEST_HEAD + HEAD_END.length));
    for (int i = 0; i + HEAD_END.length <= bytes.length; i++) {
      if (bytes[i] == '\r'
          && bytes[i + 1] == '\n'
          && bytes[i + 2] == '\r'
          && bytes[i + 3] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void say(int status, String phrase, String headers, String reason, boolean close) {
    last = close;
    String text =
        "HTTP/1.1 "
            + status
            + " "
            + phrase
            + "\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: "
            + (reason.getBytes(StandardCharsets.UTF_8).length + 1)
            + "\r\n"
            + headers
            + (close ? "Connection: close\r\n" : "")
            + "\r\n"
            + reason
            + "\n";
    sends(null);
    socket.write(text).onComplete(written -> answered());
  }

  private void give(Answer.Bytes bytes) {
    ByteRange range = bytes.request().range();
    String head =
        "HTTP/1.1 206 Partial Content\r\n"
            + "Content-Type: application/octet-stream\r\n"
            + "Content-Range: bytes "
            + range.offset()
            + "-"
            + (range.end() - 1)
            + "/*\r\n"
            + "Content-Length: "
            + range.length()
            + "\r\n"
            + (last ? "Connection: close\r\n" : "")
            + "\r\n";
    // Its failure is the failure of what follows.
    socket.write(head);
    step(bytes.request(), bytes.file(), range.offset());
  }

  /** Sends what is left of the range from {@code at} on, at the pace that is allowed. */
  private void step(ChunkRequest request, Path file, long at) {
    long left = request.range().end() - at;
    if (left == 0) {
      answered();
      return;
    }
    long most = encrypted ? Math.min(BLOCK, pace.step()) : pace.step();
    ByteRange part = new ByteRange(at, at + Math.min(left, most));
    long millis = TimeUnit.NANOSECONDS.toMillis(pace.nanosFor(part.length()));
    if (millis == 0) {
      send(request, file, part, 1);
    } else {
      vertx.setTimer(millis, t -> send(request, file, part, 1));
    }
  }

  private void send(ChunkRequest request, Path file, ByteRange part, int lookups) {
    if (closed) {
      return;
    }
    try {
      if (encrypted) {
        sendBlock(request, file, part);
      } else {
        sendRegion(request, file, part);
      }
    } catch (FileNotFoundException e) {
      // It may have got another name.
      Optional<Path> now =
          lookups < LOOKUPS ? desk.find(request.blob(), part) : Optional.<Path>empty();
      if (now.isPresent()) {
        send(request, now.get(), part, lookups + 1);
      } else {
        // The head promised these bytes: only a closed connection says that they do not come.
        socket.close();
      }
    } catch (IOException e) {
      socket.close();
    }
  }

  /** Not by Vert.x' sendFile, whose steps of 1 MiB take more of the CPU. */
  private void sendRegion(ChunkRequest request, Path file, ByteRange part) throws IOException {
    // Closed when it is sent or the connection is closed.
    FileChannel opened = new RandomAccessFile(file.toFile(), "r").getChannel();
    FileRegion bytes = new DefaultFileRegion(opened, part.offset(), part.length());
    sends(bytes);
    socket
        .writeMessage(bytes)
        .onComplete(
            written -> {
              sent();
              served.add(bytes.transferred());
              next(written, request, file, part);
            });
  }

  private void sendBlock(ChunkRequest request, Path file, ByteRange part) throws IOException {
    Buffer block = read(file, part);
    sends(null);
    socket
        .write(block)
        .onComplete(
            written -> {
              sent();
              served.add(written.succeeded() ? part.length() : 0);
              next(written, request, file, part);
            });
  }

  private void next(AsyncResult<Void> written, ChunkRequest request, Path file, ByteRange part) {
    if (written.succeeded()) {
      // Not from here: many parts that are sent at once would be as many calls deep.
      vertx.runOnContext(v -> step(request, file, part.end()));
    } else {
      socket.close();
    }
  }

  private static Buffer read(Path file, ByteRange part) throws IOException {
    byte[] block = new byte[Math.toIntExact(part.length())];
    try (RandomAccessFile from = new RandomAccessFile(file.toFile(), "r")) {
      from.seek(part.offset());
      from.readFully(block);
    }
    return Buffer.buffer(block);
  }

  private void answered() {
    sent();
    giveBackSlot();
    if (closed) {
      return;
    }
    if (last) {
      socket.close();
      return;
    }
    waitingSince = System.nanoTime();
    answering = false;
    socket.resume();
    if (read.length() > 0) {
      // Not from here: many short requests at once would be as many calls deep.
      vertx.runOnContext(v -> next());
    }
  }

  private void giveBackSlot() {
    if (holdsSlot) {
      holdsSlot = false;
      desk.done(peer);
    }
  }
}
