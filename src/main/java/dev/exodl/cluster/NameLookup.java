package dev.exodl.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks up names of hosts, each on a thread of its own: where the name service does not answer the
 * system tries for many seconds.
 */
final class NameLookup {
  /** What came of it. */
  sealed interface Answer {
    record Addresses(List<InetAddress> all) implements Answer {}

    /** There is no such name. */
    record Unknown() implements Answer {}

    /** Nobody said whether there is. */
    record Silence() implements Answer {}
  }

  /**
   * Seconds for which the JDK keeps the addresses of a name: it would for 30, and for 10 that there
   * are none. It reads this at the first lookup of the process; for an image it is {@link
   * NativeAnswers}.
   */
  static final int KEPT_SECONDS = 2;

  private NameLookup() {}

  /** Begins to look a name or address up; what is returned never fails. */
  static CompletableFuture<Answer> of(String host) {
    Security.setProperty("networkaddress.cache.ttl", "" + KEPT_SECONDS);
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("exo-dl looks up " + host)
        .start(() -> answer.complete(lookUp(host)));
    return answer;
  }

  /** The answer, if it comes by then. */
  static Answer within(CompletableFuture<Answer> looking, Duration patience) {
    try {
      return looking.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return new Answer.Silence();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Silence();
    }
  }

  private static Answer lookUp(String host) {
    try {
      return new Answer.Addresses(List.of(InetAddress.getAllByName(host)));
    } catch (UnknownHostException e) {
      return isTemporary(e) ? new Answer.Silence() : new Answer.Unknown();
    } catch (RuntimeException | Error e) {
      return new Answer.Silence();
    }
  }

  /** The system says so in words only, in English unless it was told otherwise. */
  private static boolean isTemporary(UnknownHostException e) {
    return String.valueOf(e.getMessage()).contains("Temporary failure");
  }
}
