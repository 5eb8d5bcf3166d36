package dev.exodl.hub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * TLS over sockets that read ahead. The JDK's TLS asks the network twice for each record of at most
 * 16 KiB; this way it asks once for several.
 */
final class ReadAheadTls extends SSLSocketFactory {
  private final SSLSocketFactory tls;

  ReadAheadTls(SSLSocketFactory tls) {
    this.tls = tls;
  }

  // createSocket() is left as it is: it refuses, whereupon the JDK's HTTP client connects a plain
  // socket and has TLS put over it by the method below.

  @Override
  public Socket createSocket(Socket connected, String host, int port, boolean autoClose)
      throws IOException {
    Socket socket = tls.createSocket(new ReadAheadSocket(connected), host, port, autoClose);
    if (socket instanceof SSLSocket secure) {
      secure.setEnabledCipherSuites(fast(secure.getEnabledCipherSuites()));
    }
    return socket;
  }

  /** Without ChaCha20, which a native image does at 190 MiB a CPU second, where there is AES. */
  private static String[] fast(String[] suites) {
    String[] others =
        Arrays.stream(suites).filter(s -> !s.contains("CHACHA20")).toArray(String[]::new);
    return Arrays.stream(others).anyMatch(s -> s.contains("_AES_")) ? others : suites;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return tls.createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return tls.createSocket(host, port, local, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return tls.createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return tls.createSocket(host, port, local, localPort);
  }
}
