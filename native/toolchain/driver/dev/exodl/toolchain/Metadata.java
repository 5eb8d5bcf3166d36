package dev.exodl.toolchain;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * What a class path entry says about itself under {@code META-INF/native-image}: options in files
 * called {@code native-image.properties}, and files of reachability metadata that the builder reads
 * itself.
 *
 * @param settings options
 * @param imageName the image's name when nobody names it
 * @param moduleOnly the module that this entry is, when it must not be on the class path
 */
record Metadata(Settings settings, Optional<String> imageName, Optional<String> moduleOnly) {

  private static final String FOLDER = "META-INF/native-image/";
  private static final String PROPERTIES = "native-image.properties";

  /**
   * The names that the builder's documentation gives such files, and the options that take them.
   */
  private static final Map<String, String> RESOURCES =
      Map.of(
          "reachability-metadata.json", "ReachabilityMetadataResources",
          "jni-config.json", "JNIConfigurationResources",
          "reflect-config.json", "ReflectionConfigurationResources",
          "resource-config.json", "ResourceConfigurationResources",
          "proxy-config.json", "DynamicProxyConfigurationResources",
          "serialization-config.json", "SerializationConfigurationResources",
          "predefined-classes-config.json", "PredefinedClassesConfigurationResources");

  /**
   * Reads an entry's metadata.
   *
   * @throws UsageException when a properties file asks for an option that is not known
   */
  static Metadata of(ClassPathEntry entry, List<Exclusion> exclusions) throws IOException {
    var settings = Settings.NONE;
    var imageName = Optional.<String>empty();
    var moduleOnly = Optional.<String>empty();
    for (var resource : entry.resourcesUnder(FOLDER)) {
      if (exclusions.stream().anyMatch(it -> it.covers(entry.path(), resource))) {
        continue;
      }
      var name = resource.substring(resource.lastIndexOf('/') + 1);
      var origin = entry.origin(resource);
      if (RESOURCES.containsKey(name)) {
        var option = origin.apiOption(RESOURCES.get(name), resource);
        settings = settings.and(new Settings(List.of(option), List.of()));
      } else if (name.equals(PROPERTIES)) {
        var properties = new Properties();
        properties.load(new StringReader(entry.text(resource)));
        var folder = resource.substring(0, resource.length() - name.length() - 1);
        settings = settings.and(options(properties, folder, origin));
        imageName = imageName.or(() -> Optional.ofNullable(properties.getProperty("ImageName")));
        moduleOnly =
            moduleOnly.or(() -> Optional.ofNullable(properties.getProperty("ForceOnModulePath")));
      }
    }
    return new Metadata(settings, imageName.map(String::strip), moduleOnly.map(String::strip));
  }

  private static Settings options(Properties properties, String folder, Origin origin) {
    var options = new ArrayList<Settings>();
    var words = new Words(words(properties, "Args", folder));
    while (words.more()) {
      var option = words.peek();
      options.add(
          OptionReader.take(words, origin)
              .orElseThrow(
                  () ->
                      new UsageException(
                          "unknown option %s in %s; leave that file out with --exclude-config"
                              .formatted(option, origin.text()))));
    }
    options.add(new Settings(List.of(), words(properties, "JavaArgs", folder)));
    return options.stream().reduce(Settings.NONE, Settings::and);
  }

  private static List<String> words(Properties properties, String key, String folder) {
    return ArgumentFile.words(properties.getProperty(key, "").replace("${.}", folder), false);
  }
}
