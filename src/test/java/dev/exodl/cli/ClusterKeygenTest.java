package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.exodl.cluster.ClusterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterKeygenTest {
  @TempDir Path temp;

  private String told(String... args) {
    return new Harness().transcript(args).replace(temp.toString(), "TEMP");
  }

  @Test
  void theFileIsAKeyForItsOwnerAndIsNeverOverwritten() throws IOException {
    Path file = temp.resolve("cluster.key");
    String text = told("cluster", "keygen", file.toString());
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), text);
    String key = ClusterKey.load(file).toString();
    text += told("cluster", "keygen", file.toString());
    text += told("cluster", "keygen", file.toString(), "--json");
    assertEquals(key, ClusterKey.load(file).toString());
    text += told("cluster", "keygen", temp.resolve("other.key").toString(), "-q");
    text += told("cluster", "keygen", temp.resolve("third.key").toString(), "--json");
    text += told("cluster", "keygen", temp.resolve("none/cluster.key").toString());
    Golden.check("cluster-keygen.txt", text);
  }

  @Test
  void aKeyIsNotPrinted() throws IOException {
    String text = told("cluster", "keygen", "-");
    text += told("cluster", "keygen", "");
    text += told("cluster", "keygen");
    text += told("cluster");
    text += told("cluster", "kegyen", "x");
    assertFalse(text.contains("BEGIN"), text);
    Golden.check("cluster-keygen-not.txt", text);
  }
}
