package dev.exodl.toolchain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * What is to be built: the request with all that the class path says about itself.
 *
 * @param classPath without what the home has itself
 * @param settings the metadata's options, then the user's, then those the command decides
 */
record Image(ClassPath classPath, Settings settings) {

  /** Attributes of the main jar's manifest that are command options as well. */
  private static final Map<String, String> MANIFEST_OPTIONS =
      Map.of(
          "Add-Exports", "--add-exports",
          "Add-Opens", "--add-opens",
          "Enable-Native-Access", "--enable-native-access");

  /**
   * Gathers the settings.
   *
   * @throws UsageException when the jar has no main class or a jar's metadata cannot be followed
   */
  static Image of(Home home, Request.Build build) throws IOException {
    var whole = ClassPath.of(build);
    var entries = new ArrayList<Path>();
    var settings = Settings.NONE;
    var imageName = Optional.<String>empty();
    var own = ModuleAccess.modulesIn(home.builderJars());
    for (var path : whole.entries()) {
      var metadata = Metadata.of(ClassPathEntry.at(path), build.exclusions());
      if (metadata.moduleOnly().isEmpty()) {
        entries.add(path);
      } else if (!own.contains(metadata.moduleOnly().get())) {
        throw new UsageException(
            "%s must be on the module path, and this toolchain builds from a class path only"
                .formatted(path));
      } else {
        // The home's own takes its place, and its options came with it.
        continue;
      }
      settings = settings.and(metadata.settings());
      imageName = imageName.or(metadata::imageName);
    }
    if (build.jar().isPresent()) {
      settings = settings.and(manifestOptions(build.jar().get()));
    }
    settings = settings.and(build.settings());
    settings = settings.and(decided(home, build, settings, imageName));
    var classPath = new ClassPath(entries);
    return new Image(classPath, withId(home, classPath, settings));
  }

  private static Settings manifestOptions(Path jar) throws IOException {
    var manifest = ClassPath.manifest(jar);
    // Not Origin.manifest: options that can be given more than once want an origin that the builder
    // can look into.
    var origin = Origin.entry(jar, JarFile.MANIFEST_NAME);
    var settings = Settings.NONE;
    for (var attribute : MANIFEST_OPTIONS.keySet().stream().sorted().toList()) {
      var value = manifest.getValue(attribute);
      for (var part : value == null ? new String[0] : value.strip().split("\\s+")) {
        var toAll = attribute.startsWith("Add-") ? part + "=ALL-UNNAMED" : part;
        var words = new Words(List.of(MANIFEST_OPTIONS.get(attribute) + "=" + toAll));
        settings = settings.and(OptionReader.take(words, origin).orElseThrow());
      }
    }
    return settings;
  }

  /** Name, folder and main class, unless builder options name them. */
  private static Settings decided(
      Home home, Request.Build build, Settings given, Optional<String> imageName)
      throws IOException {
    var options = new ArrayList<String>();
    var mainClass = mainClass(build);
    if (!given.names("Class")) {
      mainClass.ifPresent(options::add);
    }
    var output = build.output().or(() -> imageName).or(() -> defaultName(build));
    var target = output.map(it -> build.folder().resolve(it).normalize());
    if (!given.names("Path")) {
      options.add(Origin.DRIVER.option("Path", folder(target, build).toString()));
    }
    if (!given.names("Name")) {
      target.ifPresent(
          it -> options.add(build.outputOrigin().option("Name", it.getFileName().toString())));
    }
    if (!home.knowsContainers() && !given.names("UseContainerSupport")) {
      options.add("-H:-UseContainerSupport@" + Origin.DRIVER.text());
    }
    return new Settings(options, List.of());
  }

  private static Path folder(Optional<Path> target, Request.Build build) {
    var folder = target.map(Path::getParent).orElse(build.folder());
    if (!Files.isDirectory(folder)) {
      throw new UsageException(
          "folder %s, where the image is to be put, is not there".formatted(folder));
    }
    return folder;
  }

  private static Optional<String> mainClass(Request.Build build) throws IOException {
    if (build.jar().isEmpty()) {
      return build.mainClass().map(it -> Origin.NAMED_CLASS.option("Class", it));
    }
    var jar = build.jar().get();
    var name = ClassPath.manifest(jar).getValue(Attributes.Name.MAIN_CLASS);
    if (name == null
        && !build.settings().names("SharedLibrary")
        && !build.settings().names("Class")) {
      throw new UsageException(
          "%s names no Main-Class in its manifest; use -cp <jar> <main class>".formatted(jar));
    }
    return Optional.ofNullable(name).map(it -> Origin.manifest(jar).option("Class", it.strip()));
  }

  /** As documented: the jar's name without its ending, or the main class in small letters. */
  private static Optional<String> defaultName(Request.Build build) {
    return build
        .jar()
        .map(it -> it.getFileName().toString().replaceFirst("\\.jar$", ""))
        .or(() -> build.mainClass().map(it -> it.toLowerCase(Locale.ROOT)));
  }

  private static Settings withId(Home home, ClassPath classPath, Settings settings)
      throws IOException {
    if (settings.names("ImageBuildID")) {
      return settings;
    }
    var id = BuildId.of(home.version(), classPath, settings);
    return settings.and(
        new Settings(List.of(Origin.DRIVER.option("ImageBuildID", id.toString())), List.of()));
  }
}
