package dev.exodl.share;

import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.Printable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Tells apart what can go wrong below HTTP on the way to a peer. All of it may pass. */
record PeerTroubles(String peer, Duration patience) {
  SourceException of(IOException e) {
    return new SourceException(new Trouble.Broken("peer " + peer + " " + what(e)), e);
  }

  private String what(IOException e) {
    String text = String.valueOf(e.getMessage());
    return switch (e) {
      case UnknownHostException u -> "has a name without an address";
      case SocketTimeoutException t when text.toLowerCase(Locale.ROOT).contains("connect") ->
          "did not take a connection in time";
      case SocketTimeoutException t -> "sent no data for " + patience.toMillis() + " ms";
      case InterruptedIOException i -> "was waited for when this thread was interrupted";
      case ConnectException c -> "refused the connection";
      case NoRouteToHostException n -> "cannot be reached (no route)";
      case SSLException s -> "failed at TLS: " + Printable.of(text);
      default -> "broke the connection: " + Printable.of(text);
    };
  }
}
