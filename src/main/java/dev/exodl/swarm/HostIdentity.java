package dev.exodl.swarm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What tells this process from others.
 *
 * @param name host name and process id, for people
 * @param boot the same in all processes of a host until it starts anew; empty when the system does
 *     not tell
 */
record HostIdentity(String name, String boot) {
  /** Linux' random(4): another one at each start of the kernel, shared by its containers. */
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  static HostIdentity ofThis() {
    return new HostIdentity(hostName() + "/" + ProcessHandle.current().pid(), bootId());
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException unknown) {
        return "host";
      }
    }
  }

  private static String bootId() {
    try {
      return Files.readString(BOOT).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
