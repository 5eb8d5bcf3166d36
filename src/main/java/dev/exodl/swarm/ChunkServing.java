package dev.exodl.swarm;

import dev.exodl.model.FailureException;
import dev.exodl.share.ChunkServer;
import dev.exodl.share.ServeListener;
import dev.exodl.share.ServeSettings;
import dev.exodl.share.Shelf;
import dev.exodl.share.TlsIdentity;
import java.net.InetAddress;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A node's chunk server, if it has one. */
record ChunkServing(@Nullable ChunkServer server) implements AutoCloseable {
  /** Behind those that the cluster's own traffic takes. */
  private static final int FIRST_PORT = 7872;

  private static final int PORTS = 16;
  private static final int MOST_REQUESTS = 64;
  private static final int MOST_REQUESTS_OF_ONE = 16;

  /** Of a node that only looks. */
  static ChunkServing none() {
    return new ChunkServing(null);
  }

  /**
   * Listens at the first port that is free, so that a firewall can know which.
   *
   * @throws FailureException cluster failure when none is
   */
  static ChunkServing start(
      NodeSettings settings,
      byte @Nullable [] secret,
      @Nullable TlsIdentity tls,
      Shelf shelf,
      NodeListener listener) {
    for (int port = FIRST_PORT; ; port++) {
      try {
        return new ChunkServing(
            ChunkServer.start(
                new ServeSettings(
                    settings.cluster().bind().address(),
                    port,
                    settings.maxLanRate(),
                    MOST_REQUESTS,
                    MOST_REQUESTS_OF_ONE,
                    secret,
                    tls),
                shelf,
                new Strangers(listener)));
      } catch (FailureException e) {
        if (port == FIRST_PORT + PORTS - 1 || !(e.getCause() instanceof ExecutionException)) {
          throw e;
        }
      }
    }
  }

  private record Strangers(NodeListener listener) implements ServeListener {
    @Override
    public void refused(InetAddress peer, String why) {
      listener.warn("refused chunks to " + peer.getHostAddress() + ": " + why);
    }

    @Override
    public void detail(String text) {
      listener.detail(text);
    }
  }

  /** 0 when there is none. */
  int port() {
    return server == null ? 0 : server.port();
  }

  /** Bytes sent. */
  long served() {
    return server == null ? 0 : server.served();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
