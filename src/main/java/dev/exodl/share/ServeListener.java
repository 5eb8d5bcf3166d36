package dev.exodl.share;

import java.net.InetAddress;

/** Told by the server's threads; must return at once. */
public interface ServeListener {
  /** Somebody without the right signature was refused; told once an address. */
  void refused(InetAddress peer, String why);

  /** Worth telling to who wants to know everything. */
  void detail(String text);
}
