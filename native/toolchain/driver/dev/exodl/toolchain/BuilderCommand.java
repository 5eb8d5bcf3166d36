package dev.exodl.toolchain;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The call of the builder.
 *
 * @param words program and arguments
 * @param environment all that the builder sees: little, so that an image does not depend on who
 *     builds it
 * @param folder where it runs
 */
record BuilderCommand(List<String> words, Map<String, String> environment, Path folder) {

  private static final String MODULE = "org.graalvm.nativeimage";

  BuilderCommand {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /**
   * Puts the call together.
   *
   * @throws UsageException when there is no main class, or a jar's metadata asks for something
   *     unknown
   */
  static BuilderCommand of(Home home, Request.Build build) throws IOException {
    var image = Image.of(home, build);
    var words = new ArrayList<String>();
    words.add(home.java().toString());
    words.addAll(jvm(home.version()));
    if (image.settings().javaOptions().stream().noneMatch(BuilderCommand::limitsHeap)) {
      // The rest is for the C compiler, and for what the machine does besides.
      words.add("-XX:MaxRAMPercentage=60");
    }
    words.addAll(modules(home));
    words.addAll(image.settings().javaOptions());
    words.addAll(
        List.of(
            "--module",
            MODULE + ".builder/com.oracle.svm.hosted.NativeImageGeneratorRunner",
            // The builder ends when this file does, that is, when the command is killed.
            "-keepalive",
            "/proc/" + ProcessHandle.current().pid() + "/comm",
            "-imagecp",
            path(image.classPath().entries()),
            "-H:CLibraryPath="
                + home.libraryFolders().stream().map(Path::toString).collect(joining(","))));
    words.addAll(image.settings().builderOptions());
    return new BuilderCommand(words, environment(build), build.folder());
  }

  private static boolean limitsHeap(String option) {
    return option.startsWith("-Xmx")
        || option.startsWith("-XX:MaxHeapSize=")
        || option.startsWith("-XX:MaxRAMPercentage=");
  }

  private static List<String> jvm(Version version) {
    return List.of(
        "-XX:+UseParallelGC",
        "-XX:+UnlockExperimentalVMOptions",
        "-XX:+EnableJVMCI",
        "-XX:-UseJVMCICompiler",
        "-XX:+ExitOnOutOfMemoryError",
        "-Xss10m",
        "-Xshare:off",
        "-Djava.awt.headless=true",
        "-Djava.system.class.loader=com.oracle.svm.hosted.NativeImageSystemClassLoader",
        "-Dcom.oracle.graalvm.isaot=true",
        "-Dorg.graalvm.nativeimage.imagecode=buildtime",
        "-Dorg.graalvm.vendor=" + version.vendor(),
        "-Dorg.graalvm.vendorurl=" + version.vendorUrl(),
        "-Dorg.graalvm.vendorversion=" + version.vendorVersion(),
        "-Dorg.graalvm.version=" + version.builder(),
        "-Dsubstratevm.HostLibC=glibc",
        "-Djdk.reflect.useOldSerializableConstructor=true",
        // Lambdas must not be made or initialized early: the image holds what the builder has seen
        // of them.
        "-Djdk.internal.lambda.disableEagerInitialization=true",
        "-Djdk.internal.lambda.eagerlyInitialize=false",
        "-Djava.lang.invoke.InnerClassLambdaMetafactory.initializeLambdas=false",
        "-Djava.lang.invoke.MethodHandle.DONT_INLINE_THRESHOLD=-1",
        "-Djava.lang.invoke.MethodHandle.PROFILE_GWT=false");
  }

  private static List<String> modules(Home home) throws IOException {
    var all = new ArrayList<>(home.builderJars());
    all.addAll(home.compilerJars());
    var words = new ArrayList<>(ModuleAccess.to(all));
    words.addAll(
        List.of(
            "--add-modules=ALL-DEFAULT",
            "--enable-native-access=%1$s.builder,%1$s.base,%1$s.pointsto,%1$s.objectfile"
                .formatted(MODULE),
            "--upgrade-module-path",
            path(home.compilerJars()),
            "--module-path",
            path(home.builderJars())));
    return words;
  }

  private static String path(List<Path> entries) {
    return entries.stream().map(Path::toString).collect(joining(File.pathSeparator));
  }

  private static Map<String, String> environment(Request.Build build) {
    var environment = new TreeMap<String, String>();
    // The compiler wants the JDK it was built for, which differs from this one in its last digits.
    environment.put("JVMCI_VERSION_CHECK", "ignore");
    environment.put("USE_NATIVE_IMAGE_JAVA_PLATFORM_MODULE_SYSTEM", "true");
    environment.putAll(build.environment());
    return environment;
  }
}
