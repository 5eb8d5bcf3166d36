package dev.exodl.cli.settings;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Gives what {@link SettingsLookup} found to the framework. It holds nothing until {@link #use} was
 * called, so that a build never records the builder's own environment. It goes before every other
 * source: it has already weighed them.
 */
public final class FoundSettings implements ConfigSource {
  private static volatile Map<String, String> properties = Map.of();

  /** Called once by the program's start, before the framework's. */
  public static void use(SettingsLookup.Lookup lookup) {
    properties = Map.copyOf(lookup.properties());
  }

  @Override
  public int getOrdinal() {
    return 1000;
  }

  @Override
  public Set<String> getPropertyNames() {
    return properties.keySet();
  }

  @Override
  public @Nullable String getValue(String name) {
    return properties.get(name);
  }

  @Override
  public String getName() {
    return "exo-dl's settings";
  }
}
