package dev.exodl.emulator;

/**
 * What must be known before the emulator starts.
 *
 * @param https whether all hosts speak TLS with a self-signed certificate
 * @param hubPort port of the hub; 0 is any free one
 * @param cdnPort port of the CDN; 0 is any free one
 * @param sendBuffer SO_SNDBUF of connections in bytes: small, so that bytes served and bytes
 *     received are close
 * @param bindAddress address that all hosts listen at
 * @param hostName name or address of it that URLs show
 * @param basePath what stands before every path of the hub, as behind a mirror ({@code /hf}); empty
 *     for none
 */
public record EmulatorOptions(
    boolean https,
    int hubPort,
    int cdnPort,
    int sendBuffer,
    String bindAddress,
    String hostName,
    String basePath) {

  private static final String LOOPBACK = "127.0.0.1";

  public static EmulatorOptions plain() {
    return new EmulatorOptions(false, 0, 0, 256 << 10, LOOPBACK, LOOPBACK, "");
  }

  public static EmulatorOptions tls() {
    return plain().withHttps(true);
  }

  public EmulatorOptions withHttps(boolean on) {
    return new EmulatorOptions(on, hubPort, cdnPort, sendBuffer, bindAddress, hostName, basePath);
  }

  public EmulatorOptions withPorts(int hub, int cdn) {
    return new EmulatorOptions(https, hub, cdn, sendBuffer, bindAddress, hostName, basePath);
  }

  public EmulatorOptions withSendBuffer(int bytes) {
    return new EmulatorOptions(https, hubPort, cdnPort, bytes, bindAddress, hostName, basePath);
  }

  public EmulatorOptions withBindAddress(String address) {
    return new EmulatorOptions(https, hubPort, cdnPort, sendBuffer, address, hostName, basePath);
  }

  public EmulatorOptions withHostName(String name) {
    return new EmulatorOptions(https, hubPort, cdnPort, sendBuffer, bindAddress, name, basePath);
  }

  public EmulatorOptions withBasePath(String path) {
    return new EmulatorOptions(https, hubPort, cdnPort, sendBuffer, bindAddress, hostName, path);
  }

  int port(Host host) {
    return switch (host) {
      case HUB -> hubPort;
      case CDN -> cdnPort;
      case FOREIGN -> 0;
    };
  }
}
