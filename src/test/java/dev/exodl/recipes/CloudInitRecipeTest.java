package dev.exodl.recipes;

import static dev.exodl.recipes.Shape.TEXT;
import static dev.exodl.recipes.Shape.TEXTS;
import static dev.exodl.recipes.Shape.TRUTH;
import static dev.exodl.recipes.Shape.either;
import static dev.exodl.recipes.Shape.keys;
import static dev.exodl.recipes.Shape.like;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The user data of docs/recipes/cloud-init, against the keys that cloud-init documents.
 * src/recipes/try has cloud-init itself read it.
 */
class CloudInitRecipeTest {
  private static final Shape USER_DATA =
      keys()
          .with(
              "users",
              new Shape.Each(
                  either(
                      like("default"),
                      keys()
                          .with("name shell homedir gecos primary_group", TEXT)
                          .with("system no_create_home lock_passwd", TRUTH))))
          .with("packages", TEXTS)
          .with(
              "write_files",
              new Shape.Each(
                  keys()
                      .with("path", like("/.*"))
                      .with("content encoding", TEXT)
                      .with("owner", like("[a-z-]+:[a-z-]+"))
                      .with("permissions", like("0[0-7]{3}"))
                      .with("append defer", TRUTH)))
          .with("runcmd", new Shape.Each(either(TEXT, TEXTS)));

  @TempDir Path folder;

  private static String text() throws Exception {
    return Recipes.text("cloud-init/user-data.yaml");
  }

  private static String file(String path) throws Exception {
    for (Object file : YamlFile.list(YamlFile.parse(text()).only().get("write_files"))) {
      if (path.equals(YamlFile.map(file).get("path"))) {
        return YamlFile.map(file).get("content").toString();
      }
    }
    throw new AssertionError("there is no " + path);
  }

  @Test
  void cloudInitKnowsEveryKey() throws Exception {
    assertTrue(text().startsWith("#cloud-config\n"), "what it is known by");
    Map<?, ?> data = YamlFile.parse(text()).only();
    assertEquals(List.of(), Shape.wrong(USER_DATA, data, "data"));
    String wrong =
        text()
            .replace(
                "owner: exo-dl:exo-dl\n    permissions: '0600'",
                "owner: exo-dl:exo-dl\n    permissions: 0600");
    assertEquals(
        List.of("data.write_files[2].permissions: 384 is not 0[0-7]{3}"),
        Shape.wrong(USER_DATA, YamlFile.parse(wrong).only(), "data"));
  }

  @Test
  void whatMayHoldSecretsIsForNobodyElse() throws Exception {
    int secrets = 0;
    for (Object file : YamlFile.list(YamlFile.parse(text()).only().get("write_files"))) {
      Map<?, ?> one = YamlFile.map(file);
      if (one.get("path").toString().startsWith("/etc/exo-dl/")) {
        assertEquals("0600", one.get("permissions"), one.get("path").toString());
        secrets++;
      }
    }
    assertEquals(3, secrets);
  }

  /** The files that the units of docs/recipes/systemd want are those that are written. */
  @Test
  void theUnitsFindTheirFiles() throws Exception {
    assertEquals(
        Recipes.text("systemd/sync.env").lines().filter(l -> l.startsWith("MODEL=")).toList(),
        file("/etc/exo-dl/sync.env").lines().filter(l -> l.startsWith("MODEL=")).toList());
    assertTrue(Recipes.text("systemd/exo-dl-sync.service").contains("=/etc/exo-dl/sync.env\n"));
    for (String unit : List.of("exo-dl", "exo-dl-sync")) {
      String service = Recipes.text("systemd/" + unit + ".service");
      assertTrue(service.contains("KEY_FILE=/etc/exo-dl/cluster.key\n"), unit);
      assertTrue(file("/usr/local/sbin/exo-dl-setup").contains(" " + unit + ".service"), unit);
    }
    file("/etc/exo-dl/cluster.key");
  }

  /** The set-up, with a stand-in for each program that changes the machine. */
  @Test
  void itInstallsWhatHasTheRightChecksumAndNothingElse() throws Exception {
    Path archive = folder.resolve("exo-dl.tar.gz");
    Path unpacked = folder.resolve("exo-dl-1.2.3/share/doc/exo-dl/docs/recipes/systemd");
    Files.createDirectories(unpacked);
    FakeProgram.in(folder.resolve("exo-dl-1.2.3"), "install.sh");
    for (String unit : List.of("exo-dl.service", "exo-dl-sync.service")) {
      Files.writeString(unpacked.resolve(unit), unit);
    }
    assertEquals(
        "",
        Recipes.said("tar", "-czf", archive.toString(), "-C", folder.toString(), "exo-dl-1.2.3"));
    String sum = Recipes.said("sha256sum", archive.toString()).substring(0, 64);

    String wrong = setUp("file://" + archive, "0".repeat(64));
    assertTrue(wrong.startsWith("exit code 1: ") && wrong.contains("FAILED"), wrong);
    assertTrue(Files.notExists(folder.resolve("units/exo-dl.service")));
    assertEquals("", systemctl());
    String unset = setUp("", sum);
    assertTrue(unset.contains("where you keep the archive of exo-dl"), unset);

    assertEquals("", setUp("file://" + archive, sum));
    assertEquals("exo-dl.service", Files.readString(folder.resolve("units/exo-dl.service")));
    assertEquals(
        "daemon-reload\nenable --now --no-block exo-dl-sync.service exo-dl.service\n", systemctl());
  }

  private String systemctl() throws Exception {
    return new FakeProgram(folder.resolve("bin/systemctl")).said();
  }

  /** What it says with these values, and the machine's folders in a place of their own. */
  private String setUp(String address, String sum) throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.createDirectories(folder.resolve("units"));
    FakeProgram.in(bin, "systemctl");
    Path values = folder.resolve("archive.env");
    Files.writeString(
        values,
        file("/etc/exo-dl/archive.env")
            .replace("ARCHIVE_URL=", "ARCHIVE_URL=" + address)
            .replace("ARCHIVE_SHA256=", "ARCHIVE_SHA256=" + sum));
    Path script = folder.resolve("setup");
    Files.writeString(
        script,
        file("/usr/local/sbin/exo-dl-setup")
            .replace("/etc/exo-dl/archive.env", values.toString())
            .replace("/etc/systemd/system/", folder.resolve("units") + "/"));
    return Recipes.said(
        "env", "PATH=" + bin + ":" + System.getenv("PATH"), "bash", script.toString());
  }
}
