package dev.exodl.emulator;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Runs the emulator as a process of its own, for benchmarks and by hand; {@code --help} lists the
 * options.
 */
public final class HubEmulatorMain {

  private static final String HELP =
      """
      Runs a Hugging Face hub emulator until it is stopped; then prints what it served.
        --bind ADDRESS      address to listen at (default: 127.0.0.1)
        --host-name NAME    name or address in URLs (default: that of --bind)
        --port N            port of the hub (default: any free one)
        --cdn-port N        port of the CDN (default: any free one)
        --repo ID           model repo to make (default: exo/demo)
        --model-size SIZE   sum of the safetensors shards, such as 512M or 1G (default: 1G)
        --files N           number of shards (default: 4)
        --layers N          make the model of so many layers that straddle its files
        --small-files N     also a repo ID-small of so many small files
        --sparse SIZE       also a repo ID-sparse with one file of zeros
        --folder PATH       also a repo ID-folder with the files below PATH
        --rate SIZE         bytes per second of each connection
        --total-rate SIZE   bytes per second in all
        --latency MS        time added to each request
        --quota N[/SECONDS] requests to /resolve/ per so many seconds (default: 300)
        --send-buffer SIZE  SO_SNDBUF of connections (default: 256k)
        --https             TLS with a self-signed certificate
        --log               print each request at the end
        --digests           print sha256, size and path of each file of the repo
        --commands          obey lines on stdin until it ends, then stop: figures, clear, log
      """;

  private HubEmulatorMain() {}

  public static void main(String[] args) throws InterruptedException, IOException {
    var options = List.of(args);
    if (options.contains("--help")) {
      System.out.print(HELP);
      return;
    }
    var address = option(options, "--bind", "127.0.0.1");
    var start =
        EmulatorOptions.plain()
            .withBindAddress(address)
            .withHostName(option(options, "--host-name", address))
            .withSendBuffer((int) size(options, "--send-buffer", "256k"))
            .withHttps(options.contains("--https"))
            .withPorts((int) size(options, "--port", "0"), (int) size(options, "--cdn-port", "0"));
    var hub = HubEmulator.start(start);
    var id = option(options, "--repo", "exo/demo");
    var model = hub.model(id);
    long size = size(options, "--model-size", "1G");
    int files = (int) size(options, "--files", "4");
    int layers = (int) size(options, "--layers", "0");
    if (layers > 0) {
      LayeredModel.ofSize(layers, size).safetensors(model, files);
    } else {
      Fixtures.safetensorsModel(model, size, files);
    }
    if (options.contains("--small-files")) {
      Fixtures.manySmallFiles(
          hub.model(id + "-small"), (int) size(options, "--small-files", "0"), false);
    }
    if (options.contains("--sparse")) {
      hub.model(id + "-sparse")
          .lfs("sparse.bin", RepoContent.zeros(size(options, "--sparse", "4G")))
          .commit("sparse");
    }
    if (options.contains("--folder")) {
      Fixtures.folder(hub.model(id + "-folder"), Path.of(option(options, "--folder", ".")));
    }
    hub.settings()
        .perConnectionRate(size(options, "--rate", "0"))
        .totalRate(size(options, "--total-rate", "0"))
        .latency(Duration.ofMillis(size(options, "--latency", "0")));
    if (options.contains("--quota")) {
      var quota = option(options, "--quota", "0").split("/", 2);
      var window = quota.length == 1 ? 300 : Long.parseLong(quota[1]);
      hub.settings().resolverQuota(Integer.parseInt(quota[0]), Duration.ofSeconds(window));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> report(hub, options.contains("--log"))));
    // Digests of large files take a while: better now than under the first request.
    model.head().files().values().forEach(Blob::etag);
    System.out.println("HF_ENDPOINT=" + hub.url());
    System.out.println(
        "repo=" + id + " commit=" + model.head().sha() + " bytes=" + model.totalSize());
    var certificate = hub.certificate();
    if (certificate != null) {
      System.out.println(
          "truststore=" + certificate.trustStore() + " password=" + TestCertificate.PASSWORD);
      System.out.println("pem=" + certificate.pem());
    }
    if (options.contains("--digests")) {
      for (var file : model.head().files().entrySet()) {
        var blob = file.getValue();
        System.out.println("file " + blob.sha256() + " " + blob.size() + " " + file.getKey());
      }
    }
    if (options.contains("--commands")) {
      HubCommands.obey(hub.log(), System.in, System.out);
      System.exit(0); // not by a return: accepting threads may go on, and the report is a hook
    }
    new CountDownLatch(1).await();
  }

  private static void report(HubEmulator hub, boolean all) {
    var log = hub.log();
    if (all) {
      log.all().forEach(System.out::println);
    }
    System.out.printf(
        "requests=%d bytes=%d file-bytes=%d cdn-connections=%d most-open=%d%n",
        log.all().size(),
        log.bytesServed(),
        log.fileBytesServed(),
        log.connectionsOpened(Host.CDN),
        log.mostOpenConnections(Host.CDN));
    hub.close();
  }

  private static String option(List<String> options, String name, String otherwise) {
    int at = options.indexOf(name);
    if (at < 0) {
      return otherwise;
    }
    if (at + 1 == options.size()) {
      throw new IllegalArgumentException(name + " needs a value; see --help");
    }
    return options.get(at + 1);
  }

  /** A number with k, M or G (powers of 1,024) behind it. */
  private static long size(List<String> options, String name, String otherwise) {
    var text = option(options, name, otherwise);
    int shift =
        switch (text.charAt(text.length() - 1)) {
          case 'k', 'K' -> 10;
          case 'M' -> 20;
          case 'G' -> 30;
          default -> 0;
        };
    return Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1)) << shift;
  }
}
