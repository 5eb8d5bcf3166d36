package dev.exodl.cli;

import dev.exodl.cli.settings.Settings;
import dev.exodl.cli.settings.SettingsLookup;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Values of options, checked as those of settings are. */
final class OptionValues {
  private OptionValues() {}

  /** An absolute path; a {@code ~} that the shell left is no home here, as for other programs. */
  static Path path(String option, String text) {
    if (text.isBlank()) {
      throw bad("an empty path", option, "give a folder");
    }
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw bad("'" + Printable.of(text) + "' is not a path", option, "give a folder");
    }
  }

  static Jobs.Means means(Settings settings, HubOptions hub, int maxConnections, long maxRate) {
    Optional<String> token =
        hub.token == null
            ? settings.token()
            : Optional.of(SettingsLookup.check("token", hub.token, "--token"));
    return new Jobs.Means(
        hub.endpoint == null
            ? settings.endpoint()
            : URI.create(SettingsLookup.check("endpoint", hub.endpoint, "--endpoint")),
        token.filter(t -> !t.isEmpty()),
        settings.metadataTimeout(),
        settings.downloadTimeout(),
        settings.userAgentOrigin(),
        settings.telemetry(),
        settings.caFile(),
        maxConnections,
        maxRate,
        settings.symlinks());
  }

  private static FailureException bad(String what, String where, String next) {
    return new FailureException(new Failure.Usage(what, where, next));
  }
}
