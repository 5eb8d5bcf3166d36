package dev.exodl.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import org.jspecify.annotations.Nullable;

/** A connected socket whose input comes in large reads; all else is the other socket's. */
final class ReadAheadSocket extends Socket {
  /** Four TLS records; more gains nothing. */
  private static final int AHEAD = 64 << 10;

  private final Socket socket;
  private @Nullable InputStream input;

  ReadAheadSocket(Socket connected) throws SocketException {
    super((SocketImpl) null);
    this.socket = connected;
  }

  @Override
  public synchronized InputStream getInputStream() throws IOException {
    if (input == null) {
      input = new ReadAhead(socket.getInputStream());
    }
    return input;
  }

  /** Read by one thread at a time, as TLS does. */
  private static final class ReadAhead extends InputStream {
    private final InputStream from;
    private final byte[] ahead = new byte[AHEAD];
    private int next;
    private int end;

    ReadAhead(InputStream from) {
      this.from = from;
    }

    @Override
    public int read() throws IOException {
      return more() ? ahead[next++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!more()) {
        return -1;
      }
      int count = Math.min(length, end - next);
      System.arraycopy(ahead, next, into, offset, count);
      next += count;
      return count;
    }

    private boolean more() throws IOException {
      if (next == end) {
        next = 0;
        end = 0;
        end = Math.max(0, from.read(ahead, 0, AHEAD));
      }
      return next < end;
    }

    @Override
    public int available() throws IOException {
      return end - next + from.available();
    }

    @Override
    public void close() throws IOException {
      from.close();
    }
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return socket.getOutputStream();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  @Override
  public void shutdownInput() throws IOException {
    socket.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public boolean isConnected() {
    return socket.isConnected();
  }

  @Override
  public boolean isBound() {
    return socket.isBound();
  }

  @Override
  public boolean isClosed() {
    return socket.isClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return socket.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return socket.isOutputShutdown();
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return socket.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return socket.getLocalAddress();
  }

  @Override
  public int getPort() {
    return socket.getPort();
  }

  @Override
  public int getLocalPort() {
    return socket.getLocalPort();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return socket.getRemoteSocketAddress();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return socket.getLocalSocketAddress();
  }

  @Override
  public void setSoTimeout(int millis) throws SocketException {
    socket.setSoTimeout(millis);
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return socket.getSoTimeout();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    socket.setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return socket.getTcpNoDelay();
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    socket.setSoLinger(on, seconds);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return socket.getSoLinger();
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    socket.setKeepAlive(on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return socket.getKeepAlive();
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
