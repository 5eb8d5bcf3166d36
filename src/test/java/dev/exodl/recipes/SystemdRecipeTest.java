package dev.exodl.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The units of docs/recipes/systemd. */
class SystemdRecipeTest {
  private static final Path SYSTEMD = Path.of("/usr/bin/systemd-analyze");
  private static final String SERVE = "systemd/exo-dl.service";
  private static final String SYNC = "systemd/exo-dl-sync.service";

  @TempDir Path folder;

  /** What systemd itself says of them: a word that it does not know it only warns about. */
  @Test
  void systemdUnderstandsAllOfThem() throws Exception {
    if (!Files.isExecutable(SYSTEMD)) {
      System.out.println("not tested here: this machine has no " + SYSTEMD);
      return;
    }
    for (String name : List.of(SERVE, SYNC)) {
      // Neither the program nor the user has to be on this machine.
      String unit = Recipes.text(name).replace("/usr/local/bin/exo-dl", "/bin/true");
      assertTrue(unit.contains("/bin/true s") && unit.contains("User=exo-dl\n"), unit);
      assertEquals("", verify(unit.replace("User=exo-dl", "User=root")));
      String wrong = verify(unit.replace("ProtectClock=", "ProtectClocks="));
      assertTrue(wrong.contains("ProtectClocks"), "it would say so: " + wrong);
    }
  }

  /** What it says of the unit. */
  private String verify(String unit) throws Exception {
    Path file = Files.writeString(folder.resolve("exo-dl.service"), unit);
    String said = Recipes.said(SYSTEMD.toString(), "verify", "--man=no", file.toString());
    // Units of the machine that it needs may have faults of their own.
    return said.lines().filter(l -> l.contains("exo-dl.service")).collect(Collectors.joining("\n"));
  }

  /** What one may do, the other may: they differ in what they have to write. */
  @Test
  void bothAreShutInTheSameWay() throws Exception {
    assertEquals(shut(SERVE), shut(SYNC));
    assertTrue(shut(SERVE).contains("ProtectSystem=strict"), shut(SERVE));
    assertEquals("exo-dl", line(SYNC, "StateDirectory="));
    for (String name : List.of(SERVE, SYNC)) {
      assertTrue(Recipes.text(name).contains("Environment=HF_HUB_CACHE=/var/lib/exo-dl/hub\n"));
    }
  }

  /** A key of the units' user is refused to any other one, also to root, who follows the page. */
  @Test
  void whoUsesTheKeyIsItsUser() throws Exception {
    String page = Recipes.text("systemd.md");
    assertTrue(page.contains("-m 600 -o exo-dl -g exo-dl cluster.key /etc/exo-dl/"), page);
    List<String> uses = page.lines().filter(l -> l.contains("--cluster-key ")).toList();
    assertEquals(1, uses.size());
    assertTrue(uses.getFirst().startsWith("runuser -u exo-dl -- exo-dl status "), uses.getFirst());
  }

  private static String shut(String name) throws IOException {
    String text = Recipes.text(name);
    int from = text.indexOf("NoNewPrivileges=");
    return text.substring(from, text.indexOf("\n\n", from))
        .lines()
        .filter(l -> !l.startsWith("UMask="))
        .collect(Collectors.joining("\n"));
  }

  private static String line(String name, String key) throws IOException {
    List<String> lines = Recipes.text(name).lines().filter(l -> l.startsWith(key)).toList();
    assertEquals(1, lines.size(), key);
    return lines.getFirst().substring(key.length());
  }

  @Test
  void theNetworkAndTheClusterAreWaitedForAndNothingElse() throws Exception {
    assertEquals(
        "exit code 0, 2 waits\n" + "sync org/model --cluster=lab --wait-for 4\n".repeat(3),
        start("12 15 0"));
    for (int code : List.of(1, 2, 10, 11, 13, 14, 16)) {
      assertEquals(
          "exit code " + code + ", 0 waits\nsync org/model --cluster=lab --wait-for 4\n",
          start(code + " 0"));
    }
  }

  /** What its command does with a program that ends with these codes, one after the other. */
  private String start(String codes) throws Exception {
    Path bin = Files.createTempDirectory(folder, "bin");
    FakeProgram program = FakeProgram.in(bin, "exo-dl").ending(codes);
    FakeProgram sleep = FakeProgram.in(bin, "sleep");
    String command = line(SYNC, "ExecStart=");
    assertTrue(command.startsWith("/bin/sh -c '") && command.endsWith("'"), command);
    String script =
        command
            .substring("/bin/sh -c '".length(), command.length() - 1)
            .replace("$$", "$")
            .replace("/usr/local/bin/exo-dl", program.file().toString());
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
    builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
    builder.environment().put("MODEL", "org/model");
    builder.environment().put("SYNC_OPTIONS", "--wait-for 4");
    int code = builder.start().waitFor();
    return "exit code %d, %d waits\n%s".formatted(code, sleep.calls().size(), program.said());
  }
}
