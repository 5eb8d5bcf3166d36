package dev.exodl.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The systemd unit of docs/serve.md. */
class ServeUnitTest {
  private static final Path SYSTEMD = Path.of("/usr/bin/systemd-analyze");

  @TempDir Path folder;

  private static String unit() throws IOException {
    String page = Files.readString(Path.of("docs/serve.md"));
    String unit = page.substring(page.indexOf("[Unit]"));
    return unit.substring(0, unit.indexOf("```"));
  }

  /** What systemd itself says of it: a word that it does not know it only warns about. */
  @Test
  void systemdUnderstandsAllOfIt() throws Exception {
    if (!Files.isExecutable(SYSTEMD)) {
      System.out.println("not tested here: this machine has no " + SYSTEMD);
      return;
    }
    // Neither the program nor the user has to be on this machine.
    String unit = unit().replace("/usr/local/bin/exo-dl", "/bin/true");
    assertTrue(unit.contains("ExecStart=/bin/true serve ") && unit.contains("User=exo-dl\n"), unit);
    assertEquals("", verify(unit.replace("User=exo-dl", "User=root")));
    String wrong = verify(unit.replace("ProtectClock=", "ProtectClocks="));
    assertTrue(wrong.contains("ProtectClocks"), "it would say so: " + wrong);
  }

  /** What it says of the unit. */
  private String verify(String unit) throws Exception {
    Path file = Files.writeString(folder.resolve("exo-dl.service"), unit);
    Process process =
        new ProcessBuilder(SYSTEMD.toString(), "verify", "--man=no", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), said);
    // Units of the machine that it needs may have faults of their own.
    List<String> ours = said.lines().filter(l -> l.contains("exo-dl.service")).toList();
    return String.join("\n", ours);
  }
}
