package dev.exodl.share;

import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Decides what requests get. Thread-safe; does not wait. */
final class Desk {
  private static final int MOST_STRANGERS_TOLD = 1000;

  /** What only a signed request gets where requests have to be signed. */
  private static final Set<Integer> SIGNED = Set.of(404, 416);

  private final Shelf shelf;
  private final ServeListener listener;
  private final Slots slots;
  private final @Nullable SignatureCheck check;
  private final Set<InetAddress> strangers = ConcurrentHashMap.newKeySet();

  /** Who knows the secret and was refused all the same. */
  private final Set<InetAddress> corrected = ConcurrentHashMap.newKeySet();

  /** A desk with a clock as {@link SignatureCheck} needs it. */
  Desk(ServeSettings settings, Shelf shelf, ServeListener listener, LongSupplier seconds) {
    this.shelf = shelf;
    this.listener = listener;
    this.slots = new Slots(settings.maxRequests(), settings.maxRequestsPerPeer());
    byte[] secret = settings.secret();
    this.check = secret == null ? null : new SignatureCheck(secret, seconds);
  }

  /**
   * The answer to a request. Whoever gets {@link Answer.Bytes} calls {@link #done} afterwards.
   *
   * @param server the address it came in at
   */
  Answer answer(RequestHead head, InetAddress peer, InetSocketAddress server) {
    if (head.hasBody()) {
      return new Answer.No(400, "Bad Request", "", "a request has no body here", true);
    }
    if (!head.method().equals("GET")) {
      return no(405, "Method Not Allowed", "Allow: GET\r\n", "only GET is answered here");
    }
    SignatureCheck.Refusal refusal = refusal(head, server);
    if (refusal != null) {
      told(peer, refusal);
      String time = check == null ? null : check.time(head.header("authorization"));
      String headers = time == null ? "" : "Exo-Time: " + time + "\r\n";
      return no(401, "Unauthorized", headers, refusal.why());
    }
    BlobId blob = ChunkRequest.blob(head.path());
    if (blob == null) {
      return no(404, "Not Found", "", "nothing but blobs is served here");
    }
    ByteRange range = ChunkRequest.range(head.header("range"));
    if (range == null) {
      return no(416, "Range Not Satisfiable", "", "ask for one range, bytes=FIRST-LAST");
    }
    ChunkRequest request = new ChunkRequest(blob, range);
    if (!slots.take(peer)) {
      return no(503, "Service Unavailable", "Retry-After: 0\r\n", "busy, ask another node");
    }
    Optional<Path> file = find(request.blob(), range);
    if (file.isEmpty()) {
      slots.giveBack(peer);
      return no(404, "Not Found", "", "not all of these bytes are here");
    }
    return new Answer.Bytes(request, file.get());
  }

  /** The file with these bytes, now. */
  Optional<Path> find(BlobId blob, ByteRange range) {
    return shelf
        .find(blob, range)
        .filter(
            file -> {
              try {
                return Files.size(file) >= range.end();
              } catch (NoSuchFileException e) {
                shelf.gone(blob, file);
                return false;
              } catch (IOException e) {
                listener.detail("cannot serve " + file + ": " + e.getMessage());
                return false;
              }
            });
  }

  void done(InetAddress peer) {
    slots.giveBack(peer);
  }

  /** Answers with bytes that are under way. */
  int underWay() {
    return slots.taken();
  }

  /**
   * Whether the asker showed that it belongs here: it signed its request, or, where nobody has to,
   * asked for what is here.
   */
  boolean proves(Answer answer) {
    return switch (answer) {
      case Answer.Bytes bytes -> true;
      case Answer.No no -> no.status() == 503 || (check != null && SIGNED.contains(no.status()));
    };
  }

  private SignatureCheck.@Nullable Refusal refusal(RequestHead head, InetSocketAddress server) {
    return check == null
        ? null
        : check.refusal(
            head.path(),
            head.header("range"),
            head.header("authorization"),
            server.getAddress(),
            server.getPort());
  }

  /** Whose clock differs asks again with our time: no stranger, and nothing to warn about. */
  private void told(InetAddress peer, SignatureCheck.Refusal refusal) {
    if (refusal.stranger()) {
      told(peer, refusal.why());
    } else if (corrected.size() < MOST_STRANGERS_TOLD && corrected.add(peer)) {
      listener.detail(
          "a request of " + peer.getHostAddress() + " has to be made again: " + refusal.why());
    }
  }

  /** Somebody is refused: that is told once. */
  void told(InetAddress peer, String why) {
    if (strangers.size() < MOST_STRANGERS_TOLD && strangers.add(peer)) {
      listener.refused(peer, why);
    }
  }

  private static Answer no(int status, String phrase, String headers, String reason) {
    return new Answer.No(status, phrase, headers, reason, false);
  }
}
