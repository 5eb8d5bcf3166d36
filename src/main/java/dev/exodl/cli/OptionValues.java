package dev.exodl.cli;

import dev.exodl.cli.settings.Settings;
import dev.exodl.cli.settings.SettingsLookup;
import dev.exodl.download.SyncSettings;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.hub.ProxyRules;
import dev.exodl.hub.Token;
import dev.exodl.hub.UserAgent;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Values of options, checked as those of settings are. */
final class OptionValues {
  private OptionValues() {}

  /** An absolute path; a {@code ~} that the shell left is no home here, as for other programs. */
  static Path path(String option, String text) {
    return path(option, text, "give a folder");
  }

  /** As {@link #path}, for a file. */
  static Path file(String option, String text) {
    return path(option, text, "give a file");
  }

  private static Path path(String option, String text, String next) {
    if (text.isBlank()) {
      throw bad("an empty path", option, next);
    }
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw bad("'" + Printable.of(text) + "' is not a path", option, next);
    }
  }

  /** How syncs are done; options go before settings. */
  static SyncSettings sync(Program program, HubOptions hub, int maxConnections, long maxRate) {
    return new SyncSettings(
        hub(program, hub),
        new FetchLimits(maxConnections, maxRate, 0, FetchLimits.DEFAULT.giveUpAfter()),
        !program.settings().symlinks());
  }

  /** How the hub is reached; options go before settings. */
  static HubSettings hub(Program program, HubOptions hub) {
    Settings settings = program.settings();
    String token =
        hub.token == null
            ? settings.token().orElse(null)
            : SettingsLookup.check("token", hub.token, "--token");
    return new HubSettings(
        hub.endpoint == null
            ? settings.endpoint()
            : URI.create(SettingsLookup.check("endpoint", hub.endpoint, "--endpoint")),
        Token.in(token),
        settings.metadataTimeout(),
        settings.downloadTimeout(),
        UserAgent.text(
            Version.text(), settings.userAgentOrigin().orElse(null), settings.telemetry()),
        ProxyRules.from(program.environment()),
        settings.caFile().orElse(null));
  }

  private static FailureException bad(String what, String where, String next) {
    return new FailureException(new Failure.Usage(what, where, next));
  }
}
