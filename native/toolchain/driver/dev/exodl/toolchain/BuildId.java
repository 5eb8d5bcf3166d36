package dev.exodl.toolchain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * The id that the builder writes into an image. Made from what goes into the image, so that the
 * same class path and options give the same image wherever they lie: not from times, folders or
 * chance.
 */
final class BuildId {

  private BuildId() {}

  static UUID of(Version version, ClassPath classPath, Settings settings) throws IOException {
    var text = new StringBuilder().append(version).append('\n');
    for (var entry : classPath.entries()) {
      text.append("entry\n");
      ClassPathEntry.at(entry).fingerprint().forEach(it -> text.append(it).append('\n'));
    }
    settings.builderOptions().forEach(it -> text.append(withoutOrigin(it)).append('\n'));
    settings.javaOptions().forEach(it -> text.append(it).append('\n'));
    return UUID.nameUUIDFromBytes(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Where the image is put and the origins have folders in them. */
  private static String withoutOrigin(String option) {
    var name = Settings.name(option);
    if (List.of("Path", "CLibraryPath").contains(name)) {
      return name;
    }
    var at = option.indexOf('@');
    var equals = option.indexOf('=');
    if (at < 0 || (equals >= 0 && equals < at)) {
      return option;
    }
    return option.substring(0, at) + (equals < 0 ? "" : option.substring(equals));
  }
}
