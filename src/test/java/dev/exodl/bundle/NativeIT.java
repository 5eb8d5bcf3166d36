package dev.exodl.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.RepoContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The native binary: what it needs, and what it does not take for a setting. */
class NativeIT extends InstalledStage {
  private static final String EMULATOR = "qemu-x86_64-static";

  @Test
  void needsTheLibraryOfCOnly() throws Exception {
    Ended ended = run(temp, Map.of(), "ldd", LAUNCHER.toString());
    assertEquals(0, ended.code(), ended.err());
    List<String> others =
        ended
            .out()
            .lines()
            .filter(l -> !l.matches("\\s*(linux-vdso|libc|/lib64/ld-linux).*"))
            .toList();
    assertEquals(List.of(), others);
  }

  @Test
  void isSmall() throws Exception {
    assertTrue(Files.size(LAUNCHER) <= 70_000_000, Files.size(LAUNCHER) + " bytes");
  }

  /**
   * A static initialiser that asks the machine is run by who builds: the answer is in the image.
   */
  @Test
  void bringsNothingAlongOfTheMachineThatBuiltIt() throws Exception {
    Path boot = Path.of("/proc/sys/kernel/random/boot_id");
    assumeTrue(Files.exists(boot), "not Linux");
    String image = Files.readString(LAUNCHER, StandardCharsets.ISO_8859_1);
    assertFalse(image.contains(Files.readString(boot).strip()), "the boot id");
  }

  @Test
  void takesNoOptionsOfJavaFromTheCommandLine() throws Exception {
    for (String option : List.of("-Xmx1g", "-Duser.home=/nowhere", "-XX:MaxHeapSize=1g")) {
      Ended ended = run(temp, Map.of(), LAUNCHER.toString(), "doctor", option);
      assertEquals(2, ended.code(), option + ": " + ended.out() + ended.err());
    }
  }

  @Test
  void startsOnAProcessorOf2013WithoutShaInstructions() throws Exception {
    needEmulator();
    Ended ended =
        run(temp, Map.of(), EMULATOR, "-cpu", "Haswell", LAUNCHER.toString(), "--version");
    assertEquals(0, ended.code(), ended.out() + ended.err());
    assertTrue(ended.out().startsWith("exo-dl "), ended.out());
  }

  @Test
  void verifiesOnAProcessorWithoutShaInstructions() throws Exception {
    needEmulator();
    try (HubEmulator hub = HubEmulator.start()) {
      hub.model("org/model").lfs("weights.bin", RepoContent.random(1, 300_000)).commit("first");
      Map<String, String> environment =
          Map.of("HF_ENDPOINT", hub.url(), "HF_HOME", temp.resolve("home").toString());
      String program = LAUNCHER.toString();
      Ended got = run(temp, environment, EMULATOR, "-cpu", "Haswell", program, "sync", "org/model");
      assertEquals(0, got.code(), got.err());
      Ended right = run(temp, environment, program, "verify", "org/model");
      assertEquals(0, right.code(), right.err());
    }
  }

  @Test
  void saysSoOnAnOlderProcessor() throws Exception {
    needEmulator();
    Ended ended =
        run(temp, Map.of(), EMULATOR, "-cpu", "Nehalem", LAUNCHER.toString(), "--version");
    assertNotEquals(0, ended.code());
    assertTrue(ended.err().contains("CPU"), ended.out() + ended.err());
  }

  @Test
  void startsWhereAddressSpaceIsShort() throws Exception {
    Ended ended =
        run(temp, Map.of(), "sh", "-c", "ulimit -v 1500000; exec \"$0\" --version", "" + LAUNCHER);
    assertEquals(0, ended.code(), ended.out() + ended.err());
  }

  @Test
  void itsChecksumsAreThoseOfJava() throws Exception {
    byte[] content = RepoContent.random(2, 24 << 20).bytes();
    try (HubEmulator hub = HubEmulator.start()) {
      hub.model("org/model").lfs("weights.bin", RepoContent.random(2, 24 << 20)).commit("first");
      Path home = temp.resolve("home");
      Ended ended =
          run(
              temp,
              Map.of("HF_ENDPOINT", hub.url(), "HF_HOME", home.toString()),
              "timeout",
              "-s",
              "TERM",
              "4",
              LAUNCHER.toString(),
              "sync",
              "org/model",
              "--max-rate",
              "3M");
      assertEquals(124, ended.code(), ended.out() + ended.err());
      ByteBuffer state = ByteBuffer.wrap(Files.readAllBytes(stateFile(home)));
      assertEquals(crc(state.array(), 0, state.limit() - 4), state.getInt(state.limit() - 4));
      int chunk = state.getInt(61);
      int bits = (state.getInt(69) + 7) / 8;
      BitSet held = BitSet.valueOf(state.slice(73, bits));
      assertTrue(held.cardinality() > 0, "no chunk was held after four seconds");
      int at = 73 + bits;
      for (int i = held.nextSetBit(0); i >= 0; i = held.nextSetBit(i + 1), at += 4) {
        int length = Math.min(chunk, content.length - i * chunk);
        assertEquals(crc(content, i * chunk, length), state.getInt(at), "chunk " + i);
      }
    }
  }

  private static Path stateFile(Path home) throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      return all.filter(p -> p.endsWith("state")).findFirst().orElseThrow();
    }
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static void needEmulator() {
    boolean there =
        List.of(System.getenv("PATH").split(":")).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, EMULATOR)));
    if (!there) {
      System.err.println("NativeIT: no older processor tried: " + EMULATOR + " is not installed");
    }
    assumeTrue(there, EMULATOR + " is not installed");
  }
}
