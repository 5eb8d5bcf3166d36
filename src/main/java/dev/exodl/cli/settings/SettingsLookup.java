package dev.exodl.cli.settings;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.store.Caches;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds every setting's value and origin: {@code EXO_DL_*}, then the variables of the hub's
 * clients, then the config file, then the default. An empty variable counts as unset.
 */
public final class SettingsLookup {
  /**
   * Variables with our prefix that are no settings: the config file's place, what the launcher
   * reads, and what a command of {@code --on-shard-ready} is told, which may run this program.
   */
  private static final Set<String> OTHERS =
      Set.of(
          "EXO_DL_CONFIG_FILE",
          "EXO_DL_JAVA",
          "EXO_DL_JAVA_OPTS",
          "EXO_DL_HOME",
          "EXO_DL_MODEL",
          "EXO_DL_COMMIT",
          "EXO_DL_PATH",
          "EXO_DL_LAYERS",
          "EXO_DL_LAYER_COUNT");

  private final Map<String, String> environment;
  private final Expand expand;
  private final ConfigFile file;
  private final Map<String, Found> found = new HashMap<>();
  private final List<String> warnings = new ArrayList<>();

  private SettingsLookup(Map<String, String> environment, String home) {
    this.environment = environment;
    this.expand = new Expand(environment, home);
    this.file = ConfigFile.read(environment, expand);
  }

  /**
   * Looks everything up.
   *
   * @param environment the process' variables
   * @param userHome used when {@code HOME} is not set
   * @throws FailureException usage failure that names the variable or the file's line of a bad
   *     value
   */
  public static Lookup of(Map<String, String> environment, String userHome) {
    return new SettingsLookup(environment, home(environment, userHome)).all();
  }

  /**
   * Looks up only where the caches are; what is wrong with other variables does not matter.
   *
   * @param typed what is written for the option {@code --cache-dir}, before a shell has expanded it
   * @param path what is written for the option {@code --cache-path}
   * @throws FailureException usage failure as {@link #of}
   */
  public static Caches caches(
      Map<String, String> environment,
      String userHome,
      Optional<String> typed,
      Optional<String> path) {
    String home = home(environment, userHome);
    Expand expand = new Expand(environment, home);
    if (typed.isPresent()) {
      return Caches.one(Path.of(expand.apply(typed.get())).toAbsolutePath().normalize());
    }
    if (path.isPresent()) {
      return CachePath.caches(check("cache-path", path.get(), "--cache-path", expand));
    }
    SettingsLookup lookup = new SettingsLookup(environment, home);
    List<String> keys = List.of("hf-home", "cache-dir", "cache-path");
    Setting.ALL.stream()
        .filter(s -> keys.contains(s.key()))
        .forEach(s -> lookup.found.put(s.key(), lookup.first(s)));
    lookup.computeFolders();
    String several = lookup.get("cache-path").value();
    return several == null
        ? Caches.one(Path.of(lookup.text("cache-dir")))
        : CachePath.caches(several);
  }

  private static String home(Map<String, String> environment, String userHome) {
    String home = environment.getOrDefault("HOME", "");
    return home.isBlank() ? userHome : home;
  }

  /**
   * Checks a value that an option of the command line gives, which names no path.
   *
   * @return canonical text
   * @throws FailureException usage failure that names the option
   */
  public static String check(String key, String text, String option) {
    return check(key, text, option, new Expand(Map.of(), ""));
  }

  /**
   * As the other, for a value in which paths are expanded: no shell does that behind a colon.
   *
   * @param userHome home directory by the system's account data
   */
  public static String check(
      String key, String text, String option, Map<String, String> environment, String userHome) {
    return check(key, text, option, new Expand(environment, home(environment, userHome)));
  }

  private static String check(String key, String text, String option, Expand expand) {
    Setting setting =
        Setting.ALL.stream().filter(s -> s.key().equals(key)).findFirst().orElseThrow();
    return canonical(setting, text, option, expand);
  }

  /**
   * Reads a time that an option of the command line gives.
   *
   * @throws FailureException usage failure that names the option
   */
  public static Duration time(String text, String option) {
    try {
      return SettingValue.duration(text);
    } catch (IllegalArgumentException e) {
      throw new FailureException(
          new Failure.Usage(
              "bad value '" + Printable.of(text) + "': " + e.getMessage(),
              option,
              "change or remove it"),
          e);
    }
  }

  private Lookup all() {
    for (Setting setting : Setting.ALL) {
      found.put(setting.key(), first(setting));
    }
    computeFolders();
    computed("token-path", Path.of(text("hf-home"), "token"));
    found.compute("token", (key, token) -> token(token));
    environment.keySet().stream().sorted().forEach(this::checkName);
    List<Found> all = Setting.ALL.stream().map(s -> get(s.key())).toList();
    return new Lookup(all, file.path(), file.present(), warnings);
  }

  private Found first(Setting setting) {
    String own = environment.getOrDefault(setting.variable(), "");
    if (!own.isBlank()) {
      return new Found(setting, canonical(setting, own, setting.variable()), setting.variable());
    }
    Optional<Found> hub = HubVariables.find(setting, environment, expand);
    if (hub.isPresent()) {
      return hub.get();
    }
    ConfigFile.Line line = file.values().get(setting.key());
    if (line != null && !line.text().isBlank()) {
      String origin = file.path() + ":" + line.number();
      return new Found(setting, canonical(setting, line.text(), origin), origin);
    }
    String standard = setting.standard();
    return new Found(
        setting,
        standard == null ? null : canonical(setting, standard, Found.DEFAULT),
        Found.DEFAULT);
  }

  private String canonical(Setting setting, String text, String origin) {
    return canonical(setting, text, origin, expand);
  }

  static String canonical(Setting setting, String text, String origin, Expand expand) {
    try {
      return SettingValue.canonical(setting, text, expand);
    } catch (IllegalArgumentException e) {
      String value = setting.secret() ? "" : " '" + Printable.of(text) + "'";
      throw new FailureException(
          new Failure.Usage(
              "bad value" + value + " for " + setting.key() + ": " + e.getMessage(),
              origin,
              "change or remove it"));
    }
  }

  private void computeFolders() {
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    computed("hf-home", Path.of(expand.apply(xdg.isBlank() ? "~/.cache" : xdg), "huggingface"));
    computed("cache-dir", Path.of(text("hf-home"), "hub"));
  }

  private void computed(String key, Path value) {
    Found now = get(key);
    if (now.value() == null) {
      String path = value.toAbsolutePath().normalize().toString();
      found.put(key, new Found(now.setting(), path, Found.DEFAULT));
    }
  }

  /**
   * A token that was not given for this program may be unwanted; one may stand in the token file.
   */
  private Found token(@Nullable Found given) {
    Found token = given == null ? get("token") : given;
    boolean implicit = Boolean.parseBoolean(text("implicit-token"));
    boolean fromHub = token.setting().also().contains(token.origin());
    if (token.value() != null && (implicit || !fromHub)) {
      return token;
    }
    if (!implicit) {
      return new Found(token.setting(), null, "implicit-token is false");
    }
    Path path = Path.of(text("token-path"));
    TokenFile.Answer answer = TokenFile.read(path);
    answer.warning().ifPresent(warnings::add);
    return answer
        .token()
        .map(
            t ->
                new Found(
                    token.setting(),
                    canonical(token.setting(), t, path.toString()),
                    path.toString()))
        .orElse(new Found(token.setting(), null, Found.DEFAULT));
  }

  private void checkName(String name) {
    List<String> names = Setting.ALL.stream().map(Setting::variable).toList();
    if (name.startsWith("EXO_DL_") && !names.contains(name) && !OTHERS.contains(name)) {
      warnings.add(
          "unknown variable "
              + Printable.of(name)
              + Suggest.nearest(name, names).map(n -> ", did you mean " + n + "?").orElse(""));
    }
  }

  private Found get(String key) {
    Found value = found.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no setting " + key);
    }
    return value;
  }

  private String text(String key) {
    String value = get(key).value();
    if (value == null) {
      throw new IllegalStateException(key + " has no value");
    }
    return value;
  }

  /**
   * All settings, found.
   *
   * @param warnings what the user should know, a line each
   */
  public record Lookup(
      List<Found> found, Path configFile, boolean configFilePresent, List<String> warnings) {
    /** The one with this key. */
    public Found get(String key) {
      return found.stream().filter(f -> f.setting().key().equals(key)).findFirst().orElseThrow();
    }

    /**
     * Canonical text by the name that the framework knows, {@code exo-dl.max-rate}; empty text for
     * none.
     */
    public Map<String, String> properties() {
      Map<String, String> all = new HashMap<>();
      for (Found f : found) {
        String value = f.value();
        all.put("exo-dl." + f.setting().key(), value == null ? "" : value);
      }
      return all;
    }
  }
}
