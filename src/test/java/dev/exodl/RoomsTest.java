package dev.exodl;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of the program, who may enter which, and what is left at the door. */
class RoomsTest {
  private static final String ROOT = "dev.exodl";

  /**
   * Which rooms a room may use, itself not counted. {@code cli} may use all; the extra edges
   * between rooms of the middle are ports, or pure functions (docs/adr/0005), or {@code demo}, that
   * stands apart (docs/adr/0004).
   */
  private static final Map<String, Set<String>> EDGES =
      Map.ofEntries(
          Map.entry("model", Set.of()),
          Map.entry("plan", Set.of("model")),
          Map.entry("fetch", Set.of("model", "plan")),
          Map.entry("verify", Set.of("model")),
          Map.entry("weights", Set.of("model")),
          Map.entry("archive", Set.of("model", "verify")),
          Map.entry("hub", Set.of("model", "fetch")),
          Map.entry("store", Set.of("model", "fetch", "verify")),
          Map.entry("share", Set.of("model", "fetch", "store")),
          Map.entry("cluster", Set.of("model", "plan")),
          Map.entry("swarm", Set.of("model", "plan", "fetch", "share", "cluster")),
          Map.entry("demo", Set.of("model")),
          Map.entry(
              "download",
              Set.of(
                  "model", "plan", "fetch", "verify", "weights", "archive", "hub", "store", "share",
                  "cluster", "swarm")),
          Map.entry(
              "cli",
              Set.of(
                  "model",
                  "plan",
                  "fetch",
                  "verify",
                  "weights",
                  "archive",
                  "hub",
                  "store",
                  "share",
                  "cluster",
                  "swarm",
                  "demo",
                  "download")));

  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
          .importPackages(ROOT);

  private static String room(String name) {
    return ROOT + "." + name + "..";
  }

  private static String[] rooms(Set<String> names) {
    return names.stream().map(RoomsTest::room).toArray(String[]::new);
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(PROGRAM);
  }

  /** A room's name, or nothing for the root package. */
  private static String roomOf(String packageName) {
    String rest = packageName.substring(ROOT.length());
    return rest.isEmpty() ? "" : rest.substring(1).split("\\.")[0];
  }

  private static DescribedPredicate<JavaAccess<?>> toMethod(Class<?> owner, String pattern) {
    Pattern name = Pattern.compile(pattern);
    return describe(
        owner.getSimpleName() + "." + pattern,
        access -> {
          AccessTarget target = access.getTarget();
          return target.getOwner().isEquivalentTo(owner)
              && name.matcher(target.getName()).matches();
        });
  }

  @Test
  void everyPackageIsInARoomOfTheTable() {
    for (JavaClass type : PROGRAM) {
      String room = roomOf(type.getPackageName());
      assertTrue(room.isEmpty() || EDGES.containsKey(room), "a room without a rule: " + type);
    }
    assertTrue(PROGRAM.size() > 100, "the program's classes were found: " + PROGRAM.size());
  }

  @Test
  void aRoomUsesOnlyTheRoomsBelowIt() {
    EDGES.forEach(
        (room, allowed) -> {
          Set<String> others = new TreeSet<>(EDGES.keySet());
          others.removeAll(allowed);
          others.remove(room);
          if (!others.isEmpty()) {
            check(
                noClasses()
                    .that()
                    .resideInAPackage(room(room))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(rooms(others))
                    .because(
                        "the way is cli -> download -> the other rooms -> model, so that each can be"
                            + " read and tested with nothing above it"));
          }
        });
  }

  @Test
  void packagesHaveNoCycles() {
    check(
        slices()
            .matching(ROOT + ".(**)")
            .should()
            .beFreeOfCycles()
            .because("what depends on each other in a circle is one thing with two names"));
  }

  @Test
  void modelPlanAndWeightsArePure() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(room("model"), room("plan"), room("weights"))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio..",
                        "java.util.concurrent..",
                        "java.util.logging..",
                        "javax..",
                        "jakarta..",
                        "io..")
                    .and(
                        DescribedPredicate.not(
                            // Measuring a name's length in bytes; bytes in memory; what Jackson
                            // declares; the serial form of exceptions and lambdas.
                            resideInAnyPackage("java.nio.charset..")
                                .or(
                                    JavaClass.Predicates.belongToAnyOf(
                                        java.nio.ByteBuffer.class,
                                        java.nio.ByteOrder.class,
                                        java.io.IOException.class))
                                .or(
                                    JavaClass.Predicates.equivalentTo(
                                        java.io.Serializable.class)))))
            .because(
                "values and decisions that touch nothing can be tested without a machine, and the"
                    + " planner runs with ten thousand nodes in a simulator"));
  }

  @Test
  void modelPlanAndWeightsAskNoClockAndNoThread() {
    DescribedPredicate<JavaAccess<?>> clock =
        toMethod(System.class, "nanoTime|currentTimeMillis|getenv|getProperty")
            .or(toMethod(java.time.Instant.class, "now"))
            .or(toMethod(java.time.ZonedDateTime.class, "now"))
            .or(toMethod(java.time.LocalDateTime.class, "now"))
            .or(toMethod(java.util.Random.class, "<init>"))
            .or(toMethod(Math.class, "random"));
    check(
        noClasses()
            .that()
            .resideInAnyPackage(room("model"), room("plan"), room("weights"))
            .should()
            .accessTargetWhere(clock)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Thread.class, ThreadLocal.class, java.time.Clock.class)
            .because("time and chance are passed in: the same events give the same plan anywhere"));
  }

  @Test
  void theHubWritesNoFiles() {
    check(
        noClasses()
            .that()
            .resideInAPackage(room("hub"))
            .should()
            .accessTargetWhere(
                toMethod(
                    Files.class,
                    "write.*|create.*|delete.*|move|copy|newOutputStream|newBufferedWriter"
                        + "|newByteChannel|set.*"))
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                java.io.File.class,
                java.io.FileOutputStream.class,
                java.io.RandomAccessFile.class,
                java.nio.channels.FileChannel.class)
            .because("bytes reach the disk only through the store, which knows what may be seen"));
  }

  @Test
  void theFetchEngineKnowsNeitherDiskNorNetwork() {
    check(
        noClasses()
            .that()
            .resideInAPackage(room("fetch"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "java.net..", "java.nio.file..", "java.nio.channels..", "javax.net..")
            .because("it moves chunks between ports: the hub and peers are the same to it"));
  }

  @Test
  void verifyOpensNoFiles() {
    check(
        noClasses()
            .that()
            .resideInAPackage(room("verify"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                java.io.File.class, java.io.FileInputStream.class, java.io.RandomAccessFile.class)
            .because("bytes are hashed as they pass by, not read a second time"));
  }

  @Test
  void theStoreKnowsNoNetwork() {
    check(
        noClasses()
            .that()
            .resideInAPackage(room("store"))
            // It asks for this machine's own name, where there is no /proc.
            .and()
            .doNotHaveFullyQualifiedName(ROOT + ".store.ProcessIdentity")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "java.net..", "javax.net..", "java.nio.channels.spi..", "io.vertx..", "io.netty..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching("java\\.nio\\.channels\\..*Socket.*")
            .because("what is on disk is right or wrong whatever the network does"));
  }

  @Test
  void vertxOnlyServes() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(room("demo"), room("share"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..", "io.quarkus.vertx..")
            .because("downloads are blocking code on virtual threads; only serving is Vert.x'"));
  }

  @Test
  void jgroupsOnlyInTheCluster() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(room("cluster"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jgroups..")
            .because("the rest of the program knows nodes and views, not how they are found"));
  }

  @Test
  void theFrameworkIsKnownOnlyAtTheEdge() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(room("cli"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.quarkus..", "jakarta..", "picocli..", "io.smallrye..")
            .because("the rooms are plain Java, so that tests and other programs can use them"));
  }

  @Test
  void onlyTheCliEndsTheProcessAndPrints() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(room("cli"))
            .should()
            .accessTargetWhere(
                toMethod(System.class, "exit|out|err|in|console|setOut|setErr")
                    .or(toMethod(Runtime.class, "exit|halt|addShutdownHook"))
                    .or(toMethod(Throwable.class, "printStackTrace")))
            .because("rooms tell events and throw failures; who runs them decides what is shown"));
  }

  @Test
  void namesSayWhatAThingIs() {
    check(
        classes()
            .should()
            .haveNameNotMatching(".*(Impl|Manager|Helper|Utils?|Master|Slave|Piece|Block)")
            .because("a name that fits everything tells nothing; docs have the project's words"));
  }

  @Test
  void everyPackageIsNullMarkedAndDefinesItsNouns() throws IOException {
    for (Path folder : folders(Path.of("src/main/java/dev/exodl"))) {
      Path info = folder.resolve("package-info.java");
      assertTrue(Files.exists(info), "no " + info);
      String text = Files.readString(info);
      assertTrue(text.contains("@NullMarked"), info + " is not @NullMarked");
      assertTrue(text.startsWith("/**"), info + " says nothing about its package");
    }
  }

  @Test
  void noSourceFileIsOverFiveHundredLines() throws IOException {
    Map<Path, Long> tooLong = new TreeMap<>();
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        try (Stream<String> lines = Files.lines(file)) {
          long count = lines.count();
          if (count > 500) {
            tooLong.put(file, count);
          }
        }
      }
    }
    assertEquals(Map.of(), tooLong);
  }

  /** Folders that hold Java files. */
  private static List<Path> folders(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(f -> f.toString().endsWith(".java"))
          .map(Path::getParent)
          .distinct()
          .sorted()
          .toList();
    }
  }
}
