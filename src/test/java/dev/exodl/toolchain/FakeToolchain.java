package dev.exodl.toolchain;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/**
 * The command, compiled from its sources, and a home with empty jars that it takes for a toolchain.
 */
final class FakeToolchain {

  static final Path SOURCES = Path.of("native/toolchain/driver").toAbsolutePath();

  private final Path classes;
  private final Path home;
  private final Method run;

  private FakeToolchain(Path classes, Path home, Method run) {
    this.classes = classes;
    this.home = home;
    this.run = run;
  }

  /** What a call said and ended with. */
  record Outcome(int code, String out, String err) {

    List<String> words() {
      return out.lines().toList();
    }

    /** The builder options of a dry run, without those that say what the home is. */
    List<String> options() {
      return words().stream()
          .filter(it -> it.startsWith("-H:") || it.startsWith("-R:"))
          .filter(it -> !it.matches("-H:(CLibraryPath=|-UseContainerSupport@|ImageBuildID@).*"))
          .toList();
    }
  }

  /** Compiles the command as the assembling script does, with every warning an error. */
  static FakeToolchain under(Path folder) throws IOException, ReflectiveOperationException {
    var classes = Files.createDirectories(folder.resolve("classes"));
    var arguments = new ArrayList<>(List.of("-Xlint:all", "-Werror", "-d", classes.toString()));
    try (var sources = Files.walk(SOURCES)) {
      sources.map(Path::toString).filter(it -> it.endsWith(".java")).forEach(arguments::add);
    }
    var said = new ByteArrayOutputStream();
    var compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler.run(null, said, said, arguments.toArray(String[]::new)) != 0) {
      throw new IllegalStateException(said.toString(StandardCharsets.UTF_8));
    }
    // Apart from this class's own loader, which has a package of the same name.
    var loader = new URLClassLoader(new java.net.URL[] {classes.toUri().toURL()}, null);
    var run =
        loader
            .loadClass("dev.exodl.toolchain.NativeImage")
            .getDeclaredMethod(
                "run", List.class, Path.class, Map.class, PrintStream.class, PrintStream.class);
    run.setAccessible(true);
    return new FakeToolchain(classes, home(folder.resolve("home")), run);
  }

  Path home() {
    return home;
  }

  /** Calls the command in a folder, with this process's environment. */
  Outcome call(Path folder, String... arguments) {
    return call(folder, System.getenv(), arguments);
  }

  /** Calls the command in a folder. */
  Outcome call(Path folder, Map<String, String> environment, String... arguments) {
    var words = new ArrayList<>(List.of(home.toString()));
    words.addAll(List.of(arguments));
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    try {
      var code =
          (int)
              run.invoke(
                  null, words, folder, environment, new PrintStream(out), new PrintStream(err));
      return new Outcome(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The words that start the command as a process of its own. */
  List<String> program(String... arguments) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var words =
        new ArrayList<>(
            List.of(java, "-cp", classes.toString(), "dev.exodl.toolchain.NativeImage"));
    words.add(home.toString());
    words.addAll(List.of(arguments));
    return words;
  }

  /** Makes a shell script take the place of the JVM that runs the builder. */
  void builder(String script) throws IOException {
    var java = home.resolve("bin/java");
    Files.writeString(java, "#!/bin/sh\n" + script);
    if (!java.toFile().setExecutable(true)) {
      throw new IOException("cannot make %s executable".formatted(java));
    }
  }

  /** Writes a jar whose entries bear a time. */
  static Path jar(Path file, long time, Map<String, String> manifest, Map<String, String> entries) {
    var attributes = new Manifest();
    attributes.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.forEach(attributes.getMainAttributes()::putValue);
    try (var jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.putNextEntry(at(time, "META-INF/MANIFEST.MF"));
      attributes.write(jar);
      for (var entry : new TreeMap<>(entries).entrySet()) {
        jar.putNextEntry(at(time, entry.getKey()));
        jar.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  static Path jar(Path file, Map<String, String> manifest, Map<String, String> entries) {
    return jar(file, 1_000_000_000_000L, manifest, entries);
  }

  private static ZipEntry at(long time, String name) {
    var entry = new ZipEntry(name);
    entry.setTime(time);
    return entry;
  }

  private static Path home(Path home) throws IOException {
    var builder = Files.createDirectories(home.resolve("lib/svm/builder"));
    var compiler = Files.createDirectories(home.resolve("lib/svm/compiler"));
    Files.createDirectories(home.resolve("lib/svm/clibraries/linux-amd64/glibc"));
    Files.createDirectories(home.resolve("bin"));
    module(builder.resolve("svm.jar"), "org.graalvm.nativeimage.builder");
    module(builder.resolve("pointsto.jar"), "org.graalvm.nativeimage.pointsto");
    module(compiler.resolve("compiler.jar"), "jdk.graal.compiler");
    var version = new Properties();
    version.setProperty("builder", "25.0.2");
    version.setProperty("date", "2026-01-20");
    version.setProperty("vendor", "exo-dl");
    version.setProperty("vendorurl", "https://example.org/");
    version.setProperty("vendorversion", "GraalVM CE 25.0.2+1.1");
    version.setProperty("jdk", "25.0.3+9");
    try (var out = Files.newOutputStream(home.resolve("lib/svm/version.properties"))) {
      version.store(out, null);
    }
    return home;
  }

  private static void module(Path jar, String name) {
    jar(jar, Map.of("Automatic-Module-Name", name), Map.of());
  }
}
