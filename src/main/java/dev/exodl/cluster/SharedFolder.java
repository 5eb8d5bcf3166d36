package dev.exodl.cluster;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A folder that all nodes see, where each keeps a file that holds its address. The time of a file
 * is told by the folder's own clock, so clocks of nodes may differ; a file that nobody renewed for
 * a while is of a node that is gone.
 */
final class SharedFolder implements AddressSource {
  private static final long RENEW_NANOS = 5_000_000_000L;
  private static final long GONE_MILLIS = 30_000;
  private static final int LONGEST = 200;

  private final Path folder;
  private final String prefix;
  private final Path own;
  private final Consumer<String> detail;
  private long renewed = System.nanoTime() - RENEW_NANOS;
  private boolean left;
  private @Nullable String trouble;

  /**
   * A folder for a cluster; made if it is not there.
   *
   * @throws FailureException cluster failure when it cannot be made or written
   */
  SharedFolder(Path folder, String cluster, Consumer<String> detail) {
    this.folder = folder;
    this.prefix = cluster + "@";
    this.own = folder.resolve(prefix + UUID.randomUUID() + ".node");
    this.detail = detail;
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".", ".try"));
    } catch (IOException e) {
      throw new FailureException(
          new Failure.Cluster(
              "the folder for finding other nodes cannot be written: " + e,
              folder.toString(),
              "give a folder that all nodes can write with --discovery file:FOLDER"),
          e);
    }
  }

  @Override
  public synchronized Set<InetSocketAddress> addresses(InetSocketAddress self) {
    Set<InetSocketAddress> found = new LinkedHashSet<>();
    try {
      if (!left && System.nanoTime() - renewed >= RENEW_NANOS) {
        write(self);
        renewed = System.nanoTime();
      }
      long now = Files.getLastModifiedTime(own).toMillis();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, prefix + "*.node")) {
        for (Path file : files) {
          if (!file.equals(own)) {
            read(file, now, found);
          }
        }
      }
      trouble = null;
    } catch (IOException e) {
      if (!e.toString().equals(trouble)) {
        trouble = e.toString();
        detail.accept("the folder " + folder + " cannot be used now: " + e);
      }
      renewed = System.nanoTime() - RENEW_NANOS;
    }
    return found;
  }

  private void write(InetSocketAddress self) throws IOException {
    HostPort address = new HostPort(self.getAddress().getHostAddress(), self.getPort());
    Path temporary = folder.resolve("." + own.getFileName());
    Files.writeString(temporary, address + "\n");
    try {
      Files.move(temporary, own, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, own, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void read(Path file, long now, Set<InetSocketAddress> found) {
    try {
      if (now - Files.getLastModifiedTime(file).toMillis() > GONE_MILLIS) {
        Files.deleteIfExists(file);
      } else if (Files.size(file) <= LONGEST) {
        HostPort address = HostPort.parse(Files.readString(file).strip(), file.toString());
        found.add(new InetSocketAddress(InetAddress.ofLiteral(address.host()), address.port()));
      }
    } catch (IOException | RuntimeException e) {
      // Just gone, or not a file of a node.
    }
  }

  @Override
  public synchronized void leave() {
    left = true;
    try {
      Files.deleteIfExists(own);
    } catch (IOException e) {
      // Others will see that it is old.
    }
  }
}
