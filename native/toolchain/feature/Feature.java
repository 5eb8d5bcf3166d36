import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Uses, inside an image, every native library and every part of the C glue of the toolchain. {@code check} builds and runs it:
 * {@code feature KEYSTORE}, a PKCS12 file with a key for localhost and the password "changeit". Prints a line a check.
 */
final class Feature {
  private interface Check {
    void run() throws Exception;
  }

  private static Path folder;
  private static Path keys;

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 2 && arguments[0].equals("lock")) {
      System.exit(isFree(Path.of(arguments[1])) ? 0 : 7);
    }
    if (arguments.length == 1 && arguments[0].equals("limits")) {
      System.out.println(Runtime.getRuntime().maxMemory() + " " + Runtime.getRuntime().availableProcessors());
      return;
    }
    keys = Path.of(arguments[0]);
    folder = Files.createTempDirectory("feature");
    Map<String, Check> checks = new LinkedHashMap<>();
    checks.put("sockets", Feature::sockets);
    checks.put("socket channels and selectors", Feature::selectors);
    checks.put("Unix sockets", Feature::unixSockets);
    checks.put("datagrams", Feature::datagrams);
    checks.put("socket options and interfaces", Feature::networkNames);
    checks.put("file channels", Feature::fileChannels);
    checks.put("file locks", Feature::fileLocks);
    checks.put("links, attributes and folders", Feature::links);
    checks.put("watching a folder", Feature::watching);
    checks.put("TLS", Feature::tls);
    checks.put("virtual threads", Feature::virtualThreads);
    checks.put("virtual threads that sleep while memory is collected", Feature::sleepers);
    checks.put("signals", Feature::signals);
    checks.put("processes", Feature::processes);
    checks.put("zip", Feature::zip);
    checks.put("management", Feature::management);
    checks.put("time, zone and locale", Feature::timeAndPlace);
    checks.put("preferences' library", Feature::preferences);
    int failed = 0;
    for (var check : checks.entrySet()) {
      try {
        check.getValue().run();
        System.out.println("ok   " + check.getKey());
      } catch (Throwable e) {
        failed++;
        System.out.println("FAIL " + check.getKey());
        e.printStackTrace(System.out);
      }
    }
    System.out.printf("%d passed, %d failed%n", checks.size() - failed, failed);
    System.exit(failed == 0 ? 0 : 1);
  }

  private static void require(boolean right, Object found) {
    if (!right) {
      throw new AssertionError("found " + found);
    }
  }

  private static void sockets() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept()) {
      client.getOutputStream().write("hello".getBytes(UTF_8));
      client.shutdownOutput();
      String got = new String(accepted.getInputStream().readAllBytes(), UTF_8);
      require(got.equals("hello"), got);
      accepted.setSoTimeout(50);
    }
  }

  private static void selectors() throws Exception {
    try (Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
        require(selector.select(5000) == 1, "no connection");
        try (SocketChannel accepted = server.accept()) {
          client.write(new ByteBuffer[] {ByteBuffer.wrap(new byte[3]), ByteBuffer.wrap(new byte[4])});
          ByteBuffer got = ByteBuffer.allocateDirect(7);
          while (got.hasRemaining()) {
            require(accepted.read(got) > 0, "an early end");
          }
        }
      }
    }
  }

  private static void unixSockets() throws Exception {
    var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        SocketChannel client = SocketChannel.open(address);
        SocketChannel accepted = server.accept()) {
      accepted.write(ByteBuffer.wrap(new byte[] {42}));
      ByteBuffer got = ByteBuffer.allocate(1);
      client.read(got);
      require(got.get(0) == 42, got.get(0));
    }
  }

  private static void datagrams() throws Exception {
    try (DatagramSocket one = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramSocket two = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      two.setSoTimeout(5000);
      one.send(new DatagramPacket(new byte[9], 9, two.getLocalSocketAddress()));
      DatagramPacket got = new DatagramPacket(new byte[100], 100);
      two.receive(got);
      require(got.getLength() == 9, got.getLength());
    }
  }

  private static void networkNames() throws Exception {
    require(InetAddress.getByName("localhost").isLoopbackAddress(), InetAddress.getByName("localhost"));
    require(NetworkInterface.networkInterfaces().anyMatch(Feature::isLoopback), "no loopback interface");
    try (Socket socket = new Socket()) {
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 33);
      require(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE) == 33, "another idle time");
      socket.setTcpNoDelay(true);
      require(socket.getTcpNoDelay(), false);
    }
  }

  private static boolean isLoopback(NetworkInterface one) {
    try {
      return one.isLoopback();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void fileChannels() throws Exception {
    Path file = folder.resolve("channel");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("tail".getBytes(UTF_8)), 1 << 20);
      channel.force(true);
      require(channel.size() == (1 << 20) + 4, channel.size());
      var map = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
      map.put(0, (byte) 7);
      map.force();
      ByteBuffer got = ByteBuffer.allocate(1);
      channel.read(got, 0);
      require(got.get(0) == 7, got.get(0));
      Path copy = folder.resolve("copy");
      try (FileChannel into = FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        require(channel.transferTo(0, channel.size(), into) == channel.size(), "less");
      }
      require(Files.mismatch(file, copy) == -1, Files.mismatch(file, copy));
      channel.truncate(5);
      require(Files.size(file) == 5, Files.size(file));
    }
  }

  private static void fileLocks() throws Exception {
    Path file = Files.createFile(folder.resolve("lock"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      require(lock.isValid(), "no lock");
      require(self("lock", file.toString()).waitFor() == 7, "another process got the lock");
    }
    require(self("lock", file.toString()).waitFor() == 0, "the lock was not given back");
  }

  /** This program once more, also when it runs on the JVM. */
  private static Process self(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    if (System.getProperty("org.graalvm.nativeimage.imagecode") == null) {
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), "Feature"));
    }
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).inheritIO().start();
  }

  private static boolean isFree(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    }
  }

  private static void links() throws Exception {
    Path target = Files.writeString(folder.resolve("t\u00e4rget \u732b"), "content");
    Path link = Files.createSymbolicLink(folder.resolve("link"), target.getFileName());
    require(Files.readSymbolicLink(link).equals(target.getFileName()), Files.readSymbolicLink(link));
    require(Files.isSymbolicLink(link) && !Files.isSymbolicLink(target), "links");
    Files.createLink(folder.resolve("hard"), target);
    require(Files.getAttribute(target, "unix:nlink").equals(2), Files.getAttribute(target, "unix:nlink"));
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));
    FileTime time = FileTime.fromMillis(1_234_567_890_123L);
    Files.setLastModifiedTime(target, time);
    require(Files.getLastModifiedTime(link).equals(time), Files.getLastModifiedTime(link));
    require(!Files.readAttributes(link, "*", LinkOption.NOFOLLOW_LINKS).get("size").equals(7L), "the link's own size");
    Files.move(target, folder.resolve("moved"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    require(!Files.exists(link) && Files.exists(link, LinkOption.NOFOLLOW_LINKS), "a link to nothing");
    try (var entries = Files.newDirectoryStream(folder);
        var secure = (java.nio.file.SecureDirectoryStream<Path>) Files.newDirectoryStream(folder)) {
      require(entries.iterator().hasNext(), "an empty folder");
      var view = secure.getFileAttributeView(Path.of("moved"), java.nio.file.attribute.BasicFileAttributeView.class);
      require(view.readAttributes().size() == 7, view.readAttributes().size()); // fstatat
    }
    require(Files.getFileStore(folder).getUsableSpace() > 0, "no space");
    try {
      Files.readString(folder.resolve("nothing"));
      throw new AssertionError("a file that is not there was read");
    } catch (java.nio.file.NoSuchFileException e) {
      require(e.getMessage().endsWith("nothing"), e.getMessage());
    }
  }

  private static void watching() throws Exception {
    Path watched = Files.createDirectory(folder.resolve("watched"));
    try (var service = watched.getFileSystem().newWatchService()) {
      watched.register(service, StandardWatchEventKinds.ENTRY_CREATE);
      Files.createFile(watched.resolve("new"));
      require(service.poll(10, TimeUnit.SECONDS) != null, "no event");
    }
  }

  private static void tls() throws Exception {
    char[] password = "changeit".toCharArray();
    KeyStore store = KeyStore.getInstance(keys.toFile(), password);
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(store, password);
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    byte[] content = new byte[3_000_000];
    Arrays.fill(content, (byte) 5);
    try (SSLServerSocket server =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> serve(server, content));
      try (SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket("localhost", server.getLocalPort())) {
        var parameters = client.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        client.setSSLParameters(parameters);
        require(Arrays.equals(client.getInputStream().readAllBytes(), content), "other bytes");
        require(client.getSession().getProtocol().equals("TLSv1.3"), client.getSession());
      }
    }
  }

  private static void serve(SSLServerSocket server, byte[] content) {
    try (Socket accepted = server.accept()) {
      accepted.getOutputStream().write(content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void virtualThreads() throws Exception {
    AtomicInteger done = new AtomicInteger();
    CountDownLatch started = new CountDownLatch(1000);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1000; i++) {
        threads.submit(
            () -> {
              started.countDown();
              started.await();
              synchronized (done) {
                Thread.sleep(1);
              }
              return done.incrementAndGet();
            });
      }
    }
    require(done.get() == 1000, done);
    Thread blocked = Thread.ofVirtual().start(Feature::readForever);
    blocked.interrupt();
    require(blocked.join(java.time.Duration.ofSeconds(10)), "an interrupted read went on");
  }

  /** What a rate limiter does in many threads: locks, doubles, the clock, sleep, garbage. */
  private static void sleepers() throws Exception {
    var lock = new java.util.concurrent.locks.ReentrantLock();
    double[] freeAt = {System.nanoTime() / 1e9};
    AtomicInteger rounds = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        threads.submit(() -> sleeper(lock, freeAt, rounds));
      }
    }
    require(rounds.get() == 16 * 100, rounds);
  }

  private static Void sleeper(java.util.concurrent.locks.Lock lock, double[] freeAt, AtomicInteger rounds)
      throws InterruptedException {
    for (int round = 0; round < 100; round++) {
      byte[] garbage = new byte[200_000 + round];
      double wait;
      lock.lock();
      try {
        double now = System.nanoTime() / 1e9;
        freeAt[0] = Math.max(freeAt[0], now - 0.01) + 0.0005;
        wait = freeAt[0] - now;
      } finally {
        lock.unlock();
      }
      if (wait > 0) {
        Thread.sleep(java.time.Duration.ofNanos((long) (wait * 1e9)));
      }
      long before = System.nanoTime();
      require(before > 0 && garbage[round] == 0, garbage.length);
      rounds.incrementAndGet();
    }
    return null;
  }

  private static void readForever() {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
      client.getInputStream().read();
    } catch (IOException e) {
      // as it should be: closed by the interrupt
    }
  }

  private static void signals() throws Exception {
    CountDownLatch arrived = new CountDownLatch(3);
    sun.misc.Signal.handle(new sun.misc.Signal("USR2"), signal -> arrived.countDown());
    for (int i = 0; i < 3; i++) {
      int code = new ProcessBuilder("kill", "-s", "USR2", "" + ProcessHandle.current().pid()).start().waitFor();
      require(code == 0, code);
    }
    require(arrived.await(10, TimeUnit.SECONDS), arrived.getCount() + " signals are missing");
  }

  private static void processes() throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", "cat; echo $COLOUR; pwd; exit 3").directory(folder.toFile());
    builder.environment().put("COLOUR", "green");
    Process process = builder.start();
    try (var input = process.getOutputStream()) {
      input.write("in\n".getBytes(UTF_8));
    }
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    require(out.equals("in\ngreen\n" + folder.toRealPath() + "\n"), out);
    require(process.waitFor() == 3, process.exitValue());
    require(ProcessHandle.current().info().startInstant().isPresent(), "no start time");
    try {
      new ProcessBuilder("/no/such/program").start();
      throw new AssertionError("started nothing");
    } catch (IOException e) {
      require(e.getMessage().contains("/no/such/program"), e.getMessage());
    }
  }

  private static void zip() throws Exception {
    byte[] content = "the same again and again ".repeat(10_000).getBytes(UTF_8);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (var out = new DeflaterOutputStream(packed)) {
      out.write(content);
    }
    require(packed.size() < content.length / 50, packed.size());
    try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
      require(Arrays.equals(in.readAllBytes(), content), "other bytes");
    }
    CRC32 crc = new CRC32();
    crc.update("123456789".getBytes(UTF_8));
    require(crc.getValue() == 0xCBF43926L, crc.getValue());
    Path file = folder.resolve("a.zip");
    try (var out = new ZipOutputStream(Files.newOutputStream(file))) {
      out.putNextEntry(new ZipEntry("entry"));
      out.write(content);
    }
    try (ZipFile read = new ZipFile(file.toFile())) {
      require(read.getEntry("entry").getSize() == content.length, "another size");
    }
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest("abc".getBytes(UTF_8)));
    require(digest.startsWith("ba7816bf8f01cfea"), digest);
  }

  private static void management() throws Exception {
    var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    require(system.getTotalMemorySize() > 1 << 20, system.getTotalMemorySize());
    require(system.getProcessCpuTime() > 0, system.getProcessCpuTime());
    require(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() > 0, "an empty heap");
    require(ManagementFactory.getThreadMXBean().getCurrentThreadUserTime() >= 0, "no time of a thread");
    require(ManagementFactory.getRuntimeMXBean().getPid() == ProcessHandle.current().pid(), "another process");
    require(Runtime.getRuntime().availableProcessors() >= 1, "no processor");
  }

  private static void timeAndPlace() throws Exception {
    long nanos = System.nanoTime();
    Thread.sleep(2);
    require(System.nanoTime() - nanos >= 2_000_000, System.nanoTime() - nanos);
    long difference = Math.abs(java.time.Instant.now().toEpochMilli() - System.currentTimeMillis());
    require(difference < 1000, difference);
    String zone = System.getenv("TZ");
    require(zone == null || ZoneId.systemDefault().getId().equals(zone), ZoneId.systemDefault());
    require(Locale.getDefault().getLanguage().length() == 2, Locale.getDefault());
    require(System.getenv("PATH") != null, "no environment");
  }

  private static void preferences() throws Exception {
    System.setProperty("java.util.prefs.userRoot", folder.toString());
    var node = java.util.prefs.Preferences.userRoot().node("feature");
    node.put("key", "value");
    node.flush();
    require(node.get("key", "").equals("value"), node.get("key", ""));
    node.removeNode();
  }
}
