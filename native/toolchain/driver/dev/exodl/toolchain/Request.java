package dev.exodl.toolchain;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one call of the command asks for. */
sealed interface Request {

  /** The text of {@code --help}. */
  record Help() implements Request {}

  /** The text of {@code --version}. */
  record Version() implements Request {}

  /**
   * An image, or something else that only the builder can tell ({@code --list-cpu-features}).
   *
   * @param folder the folder the command was called in
   * @param classPath as given, without what manifests add
   * @param jar of {@code -jar}: its manifest names the main class
   * @param mainClass as given
   * @param output the image's name, perhaps with a folder
   * @param outputOrigin who named it
   * @param settings options for the builder and its JVM
   * @param exclusions metadata to leave out
   * @param environment the variables that the builder may see
   * @param dryRun print the builder's command and do nothing
   * @param verbose print the builder's command first
   */
  record Build(
      Path folder,
      List<Path> classPath,
      Optional<Path> jar,
      Optional<String> mainClass,
      Optional<String> output,
      Origin outputOrigin,
      Settings settings,
      List<Exclusion> exclusions,
      Map<String, String> environment,
      boolean dryRun,
      boolean verbose)
      implements Request {}
}
