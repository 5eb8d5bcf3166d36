package dev.exodl.cli.settings;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the variables of the hub's own clients with their meaning (huggingface_hub {@code
 * constants.py}): what is not true is false, and some turn a thing off.
 */
final class HubVariables {
  private HubVariables() {}

  static Optional<Found> find(Setting setting, Map<String, String> environment, Expand expand) {
    for (String name : setting.also()) {
      boolean inverse = name.startsWith("!");
      String variable = inverse ? name.substring(1) : name;
      String text = environment.getOrDefault(variable, "");
      if (!text.isBlank()) {
        Optional<String> value =
            inverse ? off(setting, variable, text) : plain(setting, variable, text, expand);
        if (value.isPresent()) {
          return Optional.of(new Found(setting, value.get(), variable));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> off(Setting setting, String variable, String text) {
    // no-color.org: whatever its value, even 0.
    boolean disable = variable.equals("NO_COLOR") || SettingValue.truth(text);
    if (!disable) {
      return Optional.empty();
    }
    return Optional.of(setting.type() == boolean.class ? "false" : "none");
  }

  private static Optional<String> plain(
      Setting setting, String variable, String text, Expand expand) {
    if (setting.type() == boolean.class) {
      return Optional.of(Boolean.toString(SettingValue.truth(text)));
    }
    if (variable.equals("HF_DEBUG")) {
      return Optional.of("debug").filter(v -> SettingValue.truth(text));
    }
    if (variable.equals("HF_HUB_VERBOSITY")) {
      return verbosity(text);
    }
    if (setting.secret() && text.strip().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(SettingsLookup.canonical(setting, text, variable, expand));
  }

  /** The hub's clients tell of a warning and more when nothing is set, which is our normal. */
  private static Optional<String> verbosity(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    if (List.of("error", "critical").contains(word)) {
      return Optional.of("quiet");
    }
    return switch (word) {
      case "debug" -> Optional.of("debug");
      case "info" -> Optional.of("verbose");
      case "warning" -> Optional.of("normal");
      default -> Optional.empty();
    };
  }
}
