package dev.exodl.cli;

import dev.exodl.cli.settings.Settings;
import dev.exodl.cli.settings.SettingsLookup;
import java.time.Clock;
import java.util.Map;

/**
 * What a command works with.
 *
 * @param lookup the same settings with where each came from
 */
public record Program(
    Settings settings,
    SettingsLookup.Lookup lookup,
    Map<String, String> environment,
    Console console,
    Jobs jobs,
    Stopper stopper,
    Clock clock) {}
