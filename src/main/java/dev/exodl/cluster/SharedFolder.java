package dev.exodl.cluster;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

  /**
   * So many nodes are asked at most, those that were here last. One that is there is enough, and
   * each that does not answer costs a socket and a thread for a second.
   */
  static final int MOST = 64;

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
              "the folder for finding other nodes cannot be written: " + FileTrouble.why(e),
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
      newest(Files.getLastModifiedTime(own).toMillis()).forEach(file -> read(file, found));
      trouble = null;
    } catch (IOException e) {
      String why = FileTrouble.why(e);
      if (!why.equals(trouble)) {
        trouble = why;
        detail.accept("the folder " + folder + " cannot be used now: " + why);
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

  /** The files of other nodes, those that were renewed last; files of nodes that are gone go. */
  private List<Path> newest(long now) throws IOException {
    List<Written> written = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, prefix + "*.node")) {
      for (Path file : files) {
        if (!file.equals(own)) {
          look(file, now).ifPresent(written::add);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw new IOException(e);
    }
    written.sort(Comparator.comparingLong(Written::millis).reversed());
    return written.stream().limit(MOST).map(Written::file).toList();
  }

  private record Written(Path file, long millis) {}

  /** Only plain files: to open a pipe would wait for ever, and a link may lead to a device. */
  private static Optional<Written> look(Path file, long now) {
    try {
      BasicFileAttributes is =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      long millis = is.lastModifiedTime().toMillis();
      if (!is.isRegularFile() || millis - now > GONE_MILLIS) {
        return Optional.empty();
      }
      if (now - millis > GONE_MILLIS) {
        Files.deleteIfExists(file);
        return Optional.empty();
      }
      return Optional.of(new Written(file, millis));
    } catch (IOException e) {
      // Just gone, or of somebody who does not let us.
      return Optional.empty();
    }
  }

  private static void read(Path file, Set<InetSocketAddress> found) {
    ByteBuffer text = ByteBuffer.allocate(LONGEST + 1);
    try (SeekableByteChannel in =
        Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      while (text.hasRemaining() && in.read(text) >= 0) {
        // On, until all is read or it is too long.
      }
      if (text.hasRemaining()) {
        String line = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
        HostPort address = HostPort.parse(line.strip(), file.toString());
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
