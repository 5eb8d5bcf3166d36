package dev.exodl.cli.settings;

import dev.exodl.cluster.Discovery;
import dev.exodl.cluster.HostPort;
import dev.exodl.model.FailureException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Settings of the cluster that are text with a form of its own. Only the form is looked at: whether
 * this host has the address matters when a cluster is joined.
 */
final class ClusterValue {
  private static final Set<String> KEYS = Set.of("bind", "peers", "discovery", "zone");
  private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}");
  private static final String FOLDER = "file:";

  private ClusterValue() {}

  static boolean is(Setting setting) {
    return KEYS.contains(setting.key());
  }

  /**
   * The canonical text.
   *
   * @throws IllegalArgumentException with a phrase for people
   */
  static String canonical(Setting setting, String text, Expand expand) {
    String clean = text.strip();
    return switch (setting.key()) {
      case "bind" ->
          checked(
              clean,
              "it has to be ADDRESS, INTERFACE, or one of them with :PORT",
              () -> HostPort.parse(clean, "bind"));
      case "peers" ->
          checked(
              clean,
              "it has to be HOST or HOST:PORT, several with a comma between them",
              () -> Discovery.peers(clean));
      case "discovery" -> discovery(clean, expand);
      default -> zone(clean);
    };
  }

  private static String discovery(String text, Expand expand) {
    String whole =
        text.startsWith(FOLDER) && text.length() > FOLDER.length()
            ? FOLDER + SettingValue.path(expand.apply(text.substring(FOLDER.length())))
            : text;
    return checked(
        whole,
        "it has to be multicast, multicast:GROUP[:PORT], dns:NAME[:PORT] or file:FOLDER",
        () -> Discovery.parse(whole));
  }

  private static String zone(String text) {
    if (!ZONE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "it has to be 1 to 64 letters, digits, '.', '_', '-', ':' or '/', the first one a letter"
              + " or digit");
    }
    return text;
  }

  /** The room of the cluster names options where it fails; here the value may be from elsewhere. */
  private static String checked(String text, String phrase, Runnable reading) {
    try {
      reading.run();
    } catch (FailureException e) {
      throw new IllegalArgumentException(phrase, e);
    }
    return text;
  }
}
