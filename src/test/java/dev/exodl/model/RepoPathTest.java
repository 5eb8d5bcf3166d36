package dev.exodl.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepoPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a/..",
        "./a",
        "a//b",
        "a/",
        "a\\b",
        "..\\x",
        "C:/x",
        "C:x",
        "a\u0000b",
        "a\nb",
        "a\u007fb",
        "a\u0085b",
        "CON",
        "con.txt",
        "sub/NUL",
        "aux.json",
        "LPT1",
        "com9.bin",
        "name.",
        "name ",
        "\ud800",
        "//server/share/x",
        "a:stream"
      })
  void refusesNamesThatCouldDoHarm(String name) {
    FailureException e = assertThrows(FailureException.class, () -> new RepoPath(name));
    assertEquals(ExitCode.INTEGRITY, e.failure().exitCode());
    assertFalse(e.getMessage().chars().anyMatch(Character::isISOControl), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "model-00001-of-00002.safetensors",
        "a/b/c.json",
        ".gitattributes",
        "..hidden",
        "a..b",
        "été/模型.bin",
        "console.log",
        "null",
        "com10",
        "weights (1).bin",
        "a b/c"
      })
  void takesOrdinaryNames(String name) {
    assertEquals(name, new RepoPath(name).value());
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 300, 5000})
  void refusesNamesThatNoFileSystemTakes(int length) {
    assertThrows(FailureException.class, () -> new RepoPath("d/" + "x".repeat(length)));
  }
}
