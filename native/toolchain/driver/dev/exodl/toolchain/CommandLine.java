package dev.exodl.toolchain;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the command's arguments. */
final class CommandLine {

  /** What the C compiler, the linker and temporary files need. */
  private static final List<String> VARIABLES =
      List.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SOURCE_DATE_EPOCH");

  private final Path folder;
  private final Words words;
  private final Map<String, String> outer;
  private final List<Path> classPath = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<Exclusion> exclusions = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();
  private Optional<Path> jar = Optional.empty();
  private Optional<String> output = Optional.empty();
  private Settings settings = Settings.NONE;
  private boolean dryRun;
  private boolean verbose;

  private CommandLine(List<String> words, Path folder, Map<String, String> outer) {
    this.folder = folder;
    this.words = new Words(words);
    this.outer = outer;
    for (var name : VARIABLES) {
      variable(name);
    }
  }

  /**
   * Reads arguments in which argument files are already expanded.
   *
   * @param folder what relative paths are relative to
   * @param environment where {@code -E} takes values from
   * @throws UsageException for an option it does not know, a missing value, no class to make an
   *     image of
   */
  static Request parse(List<String> arguments, Path folder, Map<String, String> environment) {
    return new CommandLine(arguments, folder, environment).request();
  }

  private Request request() {
    if (!words.more()) {
      throw new UsageException("name a main class or give -jar <file>; see --help");
    }
    while (words.more()) {
      switch (words.peek()) {
        case "--help", "-h", "-?" -> {
          return new Request.Help();
        }
        case "--version" -> {
          return new Request.Version();
        }
        default -> next();
      }
    }
    return build();
  }

  private void next() {
    var shared = OptionReader.take(words, Origin.USER);
    if (shared.isPresent()) {
      settings = settings.and(shared.get());
      return;
    }
    var word = words.take();
    var equals = word.indexOf('=');
    switch (equals > 0 && word.startsWith("--") ? word.substring(0, equals) : word) {
      case "-cp", "-classpath", "--class-path" -> classPath(value(word));
      case "-jar" -> jar = Optional.of(folder.resolve(words.valueOf(word)));
      case "-o" -> output = Optional.of(words.valueOf(word));
      case "--exclude-config" -> exclude(value(word));
      case "--debug-attach" -> debug(equals < 0 ? "8000" : value(word));
      case "--verbose" -> verbose = true;
      case "--dry-run" -> dryRun = true;
      case String it when it.startsWith("-E") && it.length() > 2 -> variable(it.substring(2));
      case String it when it.startsWith("-") ->
          throw new UsageException("unknown option %s; see --help".formatted(word));
      default -> names.add(word);
    }
  }

  /** The value of an option with two dashes behind its {@code =}; of any other the next word. */
  private String value(String word) {
    var equals = word.indexOf('=');
    return equals > 0 && word.startsWith("--") ? word.substring(equals + 1) : words.valueOf(word);
  }

  private void classPath(String value) {
    for (var entry : value.split(File.pathSeparator)) {
      // The java command takes an empty entry for the current folder.
      classPath.add(folder.resolve(entry.isEmpty() ? "." : entry));
    }
  }

  /** Documented as a pair with a comma; what build tools pass are two words. */
  private void exclude(String value) {
    if (words.more() && !words.peek().startsWith("-") && !value.contains(",")) {
      exclusions.add(Exclusion.of(value, words.take()));
      return;
    }
    var parts = value.split(",", 2);
    if (parts.length < 2) {
      throw new UsageException(
          "--exclude-config needs a class path pattern and a resource pattern after it");
    }
    exclusions.add(Exclusion.of(parts[0], parts[1]));
  }

  private void debug(String port) {
    var agent = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:" + port;
    settings = settings.and(new Settings(List.of(), List.of(agent)));
  }

  /** {@code -EKEY=VALUE}, or {@code -EKEY} for the value that the command itself sees. */
  private void variable(String text) {
    var equals = text.indexOf('=');
    if (equals > 0) {
      environment.put(text.substring(0, equals), text.substring(equals + 1));
    } else if (outer.get(text) instanceof String value) {
      environment.put(text, value);
    }
  }

  private Request.Build build() {
    var mainClass =
        jar.isEmpty() && !names.isEmpty()
            ? Optional.of(names.removeFirst())
            : Optional.<String>empty();
    var named = names.isEmpty() ? Optional.<String>empty() : Optional.of(names.removeFirst());
    if (!names.isEmpty()) {
      throw new UsageException("one name too many: %s; see --help".formatted(names.getFirst()));
    }
    if (jar.isEmpty() && mainClass.isEmpty() && !needsNoClass()) {
      throw new UsageException("name a main class or give -jar <file>; see --help");
    }
    return new Request.Build(
        folder,
        classPath,
        jar,
        mainClass,
        output.or(() -> named),
        output.isPresent() ? new Origin("user+api") : Origin.NAMED_IMAGE,
        settings,
        exclusions,
        environment,
        dryRun,
        verbose);
  }

  private boolean needsNoClass() {
    return List.of(
                "Class",
                "SharedLibrary",
                "ListCPUFeatures",
                "ListModules",
                "DumpTargetInfo",
                "PrintFlags")
            .stream()
            .anyMatch(settings::names)
        || settings.builderOptions().contains("-H:MicroArchitecture@user+api=list");
  }
}
