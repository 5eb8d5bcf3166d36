package dev.exodl.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class WindowSizeTest {
  @Test
  void takesWhatIsKnownOfASize() {
    assertEquals(Optional.of(new WindowSize(132, 50)), WindowSize.parse("50 132\n"));
    assertEquals(Optional.of(new WindowSize(40, 24)), WindowSize.parse("0 40"));
    assertEquals(Optional.empty(), WindowSize.parse("0 0"));
    assertEquals(Optional.empty(), WindowSize.parse("stty: no terminal"));
  }
}
