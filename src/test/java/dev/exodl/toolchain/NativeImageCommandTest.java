package dev.exodl.toolchain;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.toolchain.FakeToolchain.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The assembled toolchain's {@code native-image} command, on a home of empty jars. */
class NativeImageCommandTest {

  private static final String CONFIG = "META-INF/native-image/org.example/lib/";

  @TempDir static Path toolchainFolder;
  private static FakeToolchain toolchain;

  @TempDir Path folder;
  private Path classes;

  @BeforeAll
  static void compileTheCommand() throws Exception {
    toolchain = FakeToolchain.under(toolchainFolder);
  }

  @BeforeEach
  void makeAClassFolder() throws IOException {
    folder = folder.toRealPath();
    classes = Files.createDirectories(folder.resolve("classes"));
  }

  @Test
  void saysItsVersionInTheThreeLinesThatBuildToolsParse() {
    assertEquals(
        """
        native-image 25.0.2 2026-01-20
        GraalVM Runtime Environment GraalVM CE 25.0.2+1.1 (build 25.0.3+9)
        Substrate VM GraalVM CE 25.0.2+1.1 (build 25.0.3+9, serial gc)
        """,
        toolchain.call(folder, "--version").out());
  }

  @Test
  void turnsCommandOptionsIntoBuilderOptionsInTheirOrder() {
    var outcome =
        dryRun(
            "--no-fallback --features=a.F,a.G --initialize-at-build-time=a,b.C",
            "--initialize-at-run-time=c --link-at-build-time --enable-url-protocols=http",
            "--enable-monitoring=heapdump -march=haswell -O2 -g --static-nolibc --gc=epsilon",
            "--add-exports a/b=c --enable-native-access=ALL-UNNAMED",
            "-H:+UnlockExperimentalVMOptions -H:CPUFeatures=SHA -H:-UnlockExperimentalVMOptions",
            "-R:MaxHeapSize=1g -cp classes Main image");
    assertEquals(
        List.of(
            "-H:FallbackThreshold@user+api=0",
            "-H:Features@user+api=a.F,a.G",
            "-H:ClassInitialization@user+api=a:build_time,b.C:build_time",
            "-H:ClassInitialization@user+api=c:run_time",
            "-H:LinkAtBuildTime@user+api=",
            "-H:EnableURLProtocols@user+api=http",
            "-H:EnableMonitoringFeatures@user+api=heapdump",
            "-H:MicroArchitecture@user+api=haswell",
            "-H:Optimize@user+api=2",
            "-H:GenerateDebugInfo@user+api=2",
            "-H:+StaticExecutableWithDynamicLibC@user+api",
            "-H:+UseEpsilonGC@user+api",
            "-H:AddExports@user+api=a/b=c",
            "-H:EnableNativeAccess@user+api=ALL-UNNAMED",
            "-H:+UnlockExperimentalVMOptions@user",
            "-H:CPUFeatures@user=SHA",
            "-H:-UnlockExperimentalVMOptions@user",
            "-R:MaxHeapSize=1g",
            "-H:Class@explicit main-class=Main",
            "-H:Path@driver=" + folder,
            "-H:Name@explicit image name=image"),
        outcome.options());
    assertTrue(outcome.words().contains("--add-exports=a/b=c"));
    assertTrue(outcome.words().contains("--enable-native-access=ALL-UNNAMED"));
    assertEquals(classes.toString(), after("-imagecp", outcome));
  }

  @ParameterizedTest
  @CsvSource({
    "-cp classes org.example.Main, ., org.example.main",
    "-cp classes org.example.Main given, ., given",
    "given -jar app.jar, ., given",
    "-jar app.jar, ., app",
    "-jar app.jar -o classes/given, classes, given",
    "-cp classes --shared -o libx, ., libx",
  })
  void namesTheImageAsTheDocumentationSays(String arguments, String in, String name) {
    FakeToolchain.jar(folder.resolve("app.jar"), Map.of("Main-Class", "a.Main"), Map.of());
    var options = dryRun(arguments).options();
    assertTrue(
        options.contains("-H:Path@driver=" + folder.resolve(in).normalize()), options::toString);
    assertTrue(
        options.stream().anyMatch(it -> it.startsWith("-H:Name@") && it.endsWith("=" + name)),
        options::toString);
  }

  @Test
  void takesArgumentsFromFiles() throws IOException {
    Files.writeString(
        folder.resolve("args"),
        """
        # what to build
        -cp "classes"
        --exclude-config io\\.netty '/META-INF/x\\\\.json'
        -J-Dgreeting="good \\"day\\""
        """);
    var outcome = dryRun("@args Main");
    assertTrue(outcome.words().contains("-Dgreeting=good \"day\""), outcome::out);
    assertEquals(classes.toString(), after("-imagecp", outcome));
  }

  @Test
  void takesArgumentsFromTheEnvironmentFirst() {
    var environment = Map.of("NATIVE_IMAGE_OPTIONS", "-O1 -J-Dgreeting='good day'");
    var outcome = toolchain.call(folder, environment, "-O3", "--dry-run", "-cp", "classes", "Main");
    assertEquals(
        List.of("-H:Optimize@user+api=1", "-H:Optimize@user+api=3"),
        outcome.options().subList(0, 2));
    assertTrue(outcome.words().contains("-Dgreeting=good day"));
  }

  @Test
  void addsWhatTheClassPathSaysAboutItself() throws IOException {
    var library =
        library(
            "Args = --initialize-at-run-time=lib.A -H:ReflectionConfigurationResources=${.}/mine.json\n"
                + "JavaArgs = -Dlib=${.}/x",
            "proxy-config.json");
    Files.createDirectories(classes.resolve("META-INF/native-image"));
    Files.writeString(classes.resolve("META-INF/native-image/reachability-metadata.json"), "{}");
    var outcome = dryRun("--no-fallback -cp lib.jar:classes:missing.jar Main");
    var origin = "jar:" + library.toUri() + "!/" + CONFIG;
    assertEquals(
        List.of(
            "-H:ClassInitialization@" + origin + "native-image.properties+api=lib.A:run_time",
            "-H:ReflectionConfigurationResources@%snative-image.properties=%smine.json"
                .formatted(origin, CONFIG),
            "-H:DynamicProxyConfigurationResources@%1$sproxy-config.json+api=%2$sproxy-config.json"
                .formatted(origin, CONFIG),
            "-H:ReachabilityMetadataResources@%s+api=META-INF/native-image/reachability-metadata.json"
                .formatted(
                    classes.resolve("META-INF/native-image/reachability-metadata.json").toUri()),
            "-H:FallbackThreshold@user+api=0"),
        outcome.options().subList(0, 5));
    assertTrue(outcome.words().contains("-Dlib=" + CONFIG + "x"));
    assertEquals(library + ":" + classes, after("-imagecp", outcome));
  }

  @Test
  void leavesOutExcludedMetadataOnly() {
    library("Args = --initialize-at-run-time=lib.A", "proxy-config.json");
    for (var form : List.of("lib\\.jar,/%sproxy", "lib\\.jar /%sproxy", "=lib\\.jar,%sproxy")) {
      var word = form.startsWith("=") ? "--exclude-config" : "--exclude-config ";
      var options = dryRun(word + form.formatted(CONFIG) + " -cp lib.jar Main").options();
      assertTrue(options.getFirst().endsWith("+api=lib.A:run_time"), options::toString);
      assertFalse(options.toString().contains("DynamicProxy"), options::toString);
    }
    var elsewhere = dryRun("--exclude-config other.jar proxy -cp lib.jar Main").options();
    assertTrue(elsewhere.toString().contains("DynamicProxy"));
  }

  @Test
  void followsTheManifestOfTheJar() {
    var second = FakeToolchain.jar(folder.resolve("b c.jar"), Map.of(), Map.of());
    var jar =
        FakeToolchain.jar(
            folder.resolve("app.jar"),
            Map.of(
                "Main-Class", "a.Main",
                "Class-Path", "b%20c.jar missing.jar app.jar",
                "Add-Opens", "java.base/java.nio java.base/java.lang"),
            Map.of());
    var outcome = dryRun("-jar app.jar");
    assertEquals(jar + ":" + second, after("-imagecp", outcome));
    var origin = "@jar:" + jar.toUri() + "!/META-INF/MANIFEST.MF";
    assertEquals(
        List.of(
            "-H:AddOpens" + origin + "+api=java.base/java.nio=ALL-UNNAMED",
            "-H:AddOpens" + origin + "+api=java.base/java.lang=ALL-UNNAMED",
            "-H:Class@manifest from " + jar.toUri() + "=a.Main"),
        outcome.options().subList(0, 3));
  }

  @Test
  void opensTheJdkAtHandToTheBuilder() {
    var words = dryRun("-cp classes Main").words();
    var modules =
        "=jdk.graal.compiler,org.graalvm.nativeimage.builder,org.graalvm.nativeimage.pointsto";
    assertTrue(words.contains("--add-exports=java.base/jdk.internal.misc" + modules));
    assertTrue(words.contains("--add-opens=java.base/java.util.concurrent" + modules));
    assertFalse(words.stream().anyMatch(it -> it.startsWith("--add-exports=jdk.graal.compiler/")));
    assertEquals(
        toolchain.home().resolve("lib/svm/compiler/compiler.jar").toString(),
        after("--upgrade-module-path", words));
  }

  @Test
  void sizesTheBuildersHeapUnlessTold() {
    assertTrue(dryRun("-cp classes Main").words().contains("-XX:MaxRAMPercentage=60"));
    var told = dryRun("-J-Xmx3g -cp classes Main").words();
    assertTrue(told.contains("-Xmx3g"));
    assertFalse(told.contains("-XX:MaxRAMPercentage=60"));
  }

  @Test
  void theImagesIdFollowsFromWhatGoesIn() throws IOException {
    var here = Files.createDirectories(folder.resolve("here"));
    var there = Files.createDirectories(folder.resolve("there"));
    var other = Files.createDirectories(folder.resolve("other"));
    FakeToolchain.jar(here.resolve("a.jar"), 1_000_000_000_000L, Map.of(), Map.of("x", "1"));
    FakeToolchain.jar(there.resolve("a.jar"), 1_500_000_000_000L, Map.of(), Map.of("x", "1"));
    FakeToolchain.jar(other.resolve("a.jar"), 1_000_000_000_000L, Map.of(), Map.of("x", "2"));
    var id = id(here, "-O1");
    assertTrue(id.matches("-H:ImageBuildID@driver=[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), id);
    assertEquals(id, id(there, "-O1"));
    assertNotEquals(id, id(other, "-O1"));
    assertNotEquals(id, id(here, "-O2"));
    assertEquals("-H:ImageBuildID@user=mine", id(here, "-H:ImageBuildID=mine"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--enable-sbom -cp classes Main | unknown option --enable-sbom",
        "--shared=yes | option --shared takes no value: --shared=yes",
        "-march Main | option needs a value: -march=<value>",
        "-cp | option -cp needs a value",
        "-cp classes | name a main class",
        "-cp classes Main image more | one name too many: more",
        "-jar missing.jar | missing.jar is not there",
        "-jar library.jar | names no Main-Class",
        "-cp bad.jar Main | unknown option --odd in jar:",
        "-cp classes Main -o nowhere/x | nowhere, where the image is to be put, is not there",
        "@missing | missing is not there",
        "--exclude-config [ x -cp classes Main | needs two regular expressions",
      })
  void stopsWithOneLineAtWhatItCannotDo(String arguments, String message) {
    FakeToolchain.jar(folder.resolve("library.jar"), Map.of(), Map.of());
    FakeToolchain.jar(
        folder.resolve("bad.jar"),
        Map.of(),
        Map.of(CONFIG + "native-image.properties", "Args=--odd"));
    var outcome = toolchain.call(folder, arguments.split(" "));
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains(message), outcome::err);
    assertEquals(1, outcome.err().lines().count(), outcome::err);
    assertEquals("", outcome.out());
  }

  @Test
  void passesOnTheBuildersExitCodeAndLittleOfTheEnvironment() throws IOException {
    toolchain.builder("env | cut -d= -f1 > seen; cat \"${1#@}\" > arguments; exit 7\n");
    var environment = Map.of("PATH", System.getenv("PATH"), "CLAIMED", "1", "SECRET", "1");
    var outcome =
        toolchain.call(
            folder, environment, "-EPAID=no", "-ECLAIMED", "-EUNSET", "-cp", "classes", "Main");
    assertEquals(7, outcome.code());
    var seen = Files.readAllLines(folder.resolve("seen"));
    assertTrue(
        seen.containsAll(List.of("PATH", "PAID", "CLAIMED", "JVMCI_VERSION_CHECK")),
        seen::toString);
    assertFalse(seen.contains("SECRET") || seen.contains("UNSET"), seen::toString);
    var arguments = Files.readString(folder.resolve("arguments"));
    assertTrue(arguments.contains("\"-H:Class@explicit main-class=Main\"\n"), arguments);
  }

  @Test
  void endsTheBuilderWhenItIsEnded() throws Exception {
    toolchain.builder("echo $$ > pid; mv pid builder.pid; exec sleep 60\n");
    var command =
        new ProcessBuilder(toolchain.program("-cp", "classes", "Main"))
            .directory(folder.toFile())
            .start();
    var pid = folder.resolve("builder.pid");
    for (var i = 0; i < 600 && !Files.exists(pid); i++) {
      Thread.sleep(50);
    }
    var builder = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    command.destroy();
    assertTrue(command.waitFor(30, SECONDS));
    assertEquals(143, command.exitValue());
    assertFalse(builder.isAlive());
  }

  private Outcome dryRun(String... arguments) {
    var words = Stream.of(arguments).flatMap(it -> Stream.of(it.split(" ")));
    var outcome =
        toolchain.call(folder, Stream.concat(Stream.of("--dry-run"), words).toArray(String[]::new));
    assertEquals(0, outcome.code(), outcome::err);
    return outcome;
  }

  private String id(Path in, String option) {
    var outcome = toolchain.call(folder, "--dry-run", option, "-cp", in + "/*", "Main");
    return outcome.words().stream()
        .filter(it -> it.startsWith("-H:ImageBuildID"))
        .findFirst()
        .orElseThrow();
  }

  private Path library(String properties, String resource) {
    return FakeToolchain.jar(
        folder.resolve("lib.jar"),
        Map.of(),
        Map.of(CONFIG + "native-image.properties", properties, CONFIG + resource, "[]"));
  }

  private static String after(String word, Outcome outcome) {
    return after(word, outcome.words());
  }

  private static String after(String word, List<String> words) {
    return words.get(words.indexOf(word) + 1);
  }
}
