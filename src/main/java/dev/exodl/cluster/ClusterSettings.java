package dev.exodl.cluster;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which cluster, from where, how the others are found, and the secret of those who may join.
 *
 * @param name nodes with another name are none of ours: 1 to 64 letters, digits, '.', '_' or '-'
 * @param key null: anybody on the network may join
 */
public record ClusterSettings(
    String name, Bind bind, Discovery discovery, @Nullable ClusterKey key) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** The name of a cluster whose user gave none. */
  public static final String USUAL_NAME = "exo-dl";

  /**
   * Checks the name, and that the address can call the group.
   *
   * @throws FailureException usage failure for a name that is none, or a group of the other IP
   */
  public ClusterSettings {
    if (!NAME.matcher(name).matches()) {
      throw new FailureException(
          new Failure.Usage(
              "'" + Printable.of(name) + "' is not a cluster's name",
              "--cluster",
              "give 1 to 64 letters, digits, '.', '_' or '-', the first one a letter or digit"));
    }
    if (discovery instanceof Discovery.Multicast m && isSix(m.group()) != isSix(bind.address())) {
      throw new FailureException(
          new Failure.Usage(
              "from "
                  + bind.address().getHostAddress()
                  + " nothing can be sent to "
                  + m.group().getHostAddress()
                  + ": one is an address of IPv4, the other of IPv6",
              "--bind and --discovery",
              "give an address and a group of one kind, or leave the group out"));
    }
  }

  private static boolean isSix(InetAddress address) {
    return address instanceof Inet6Address;
  }
}
