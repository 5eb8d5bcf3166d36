package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quicktheories.WithQuickTheories;

class GlobTest implements WithQuickTheories {
  @Test
  void agreesWithPythonsFnmatchOnEveryRowOfTheTable() throws IOException {
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    try (InputStream in = GlobTest.class.getResourceAsStream("/glob/fnmatch.tsv");
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("#")) {
          continue;
        }
        String[] cells = line.split("\t", -1);
        boolean expected = cells[2].equals("1");
        if (new Glob(plain(cells[0])).matches(plain(cells[1])) != expected) {
          wrong.add(line);
        }
        rows++;
      }
    }
    assertTrue(rows > 5000, "rows: " + rows);
    assertEquals(List.of(), wrong);
  }

  private static String plain(String cell) {
    return cell.replace("\\n", "\n");
  }

  @Test
  void starMatchesSlashesToo() {
    assertTrue(new Glob("*.json").matches("a/b/c.json"));
    assertTrue(new Glob("data/*").matches("data/a/b"));
  }

  @Test
  void aPatternThatEndsInASlashTakesAllBelow() {
    assertTrue(new Glob("onnx/").matches("onnx/a/b.onnx"));
    assertFalse(new Glob("onnx/").matches("onnx"));
  }

  @Test
  void caseCounts() {
    assertFalse(new Glob("*.JSON").matches("a.json"));
  }

  @Test
  void everyPathMatchesItselfWhenItHasNoSpecialCharacter() {
    qt().forAll(strings().betweenCodePoints('a', 'z').ofLengthBetween(0, 30))
        .check(path -> new Glob(path).matches(path) && new Glob("*").matches(path));
  }
}
