package dev.exodl.emulator;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The base URLs of the hosts, without a slash at the end; filled in while the emulator starts. */
final class Origins {

  private final Map<Host, String> urls = new EnumMap<>(Host.class);

  synchronized void set(Host host, String url) {
    urls.put(host, url);
  }

  synchronized String of(Host host) {
    return Objects.requireNonNull(urls.get(host));
  }

  String hub() {
    return of(Host.HUB);
  }

  String cdn() {
    return of(Host.CDN);
  }

  String foreign() {
    return of(Host.FOREIGN);
  }
}
