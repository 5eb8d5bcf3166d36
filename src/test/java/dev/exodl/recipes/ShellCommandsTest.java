package dev.exodl.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShellCommandsTest {
  private static String read(String script) {
    StringBuilder all = new StringBuilder();
    for (List<String> words : ShellCommands.of("exo-dl", script)) {
      all.append(String.join("|", words)).append('\n');
    }
    return all.toString();
  }

  @Test
  void commandsAreFoundWhereverTheyStand() {
    assertEquals("a\nb\nc\n", read("exo-dl a; x && exo-dl b | exo-dl c # exo-dl d"));
    assertEquals("a\n", read("until model=$(exo-dl a); do sleep 1; done"));
    assertEquals("a\n", read("echo \"is $(exo-dl a)\""));
    assertEquals("a\n", read("A=1 B=\"x y\" exec /usr/bin/exo-dl a"));
    assertEquals("a b|c\n", read("sh -c 'exo-dl \"a b\" c'"));
    assertEquals("import|-\n", read("x | ssh node exo-dl import -"));
    assertEquals("", read("echo exo-dl a; grep 'exo-dl a' x"));
  }

  @Test
  void wordsAreThoseThatTheProgramGets() {
    assertEquals("a|b|c d|e\n", read("exo-dl a \\\n  b 'c d' \"e\" >out 2>&1 <in"));
    assertEquals("org/value|x=org/value\n", read("exo-dl \"$repo\" x=$y"));
    // What may be any number of words is left out.
    assertEquals("a|b\n", read("exo-dl a $MORE \"$@\" \"${options[@]}\" b"));
    assertEquals("org/value\n", read("exo-dl \"${repo%@*}\""));
  }

  @Test
  void whatItCannotReadItRefuses() {
    assertThrows(IllegalArgumentException.class, () -> read("cat <<END\nEND\n"));
    assertThrows(IllegalArgumentException.class, () -> read("echo `exo-dl a`"));
    assertThrows(IllegalArgumentException.class, () -> read("echo $(exo-dl a"));
  }
}
