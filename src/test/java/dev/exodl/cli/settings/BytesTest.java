package dev.exodl.cli.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "500, 500",
    "10K, 10000",
    "10kB, 10000",
    "10M, 10000000",
    "1.5GiB, 1610612736",
    "64MiB, 67108864",
    "2 TB, 2000000000000",
    "200mb/s, 200000000",
    "1Ki, 1024",
    "7b, 7"
  })
  void readsWhatPeopleWrite(String text, long bytes) {
    assertEquals(bytes, Bytes.parse(text).value());
    assertEquals(bytes, Bytes.parse(Bytes.parse(text).toString()).value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "-1",
        "1i",
        "1.5.5M",
        "1e9",
        "99999999999T",
        "10 mbit",
        "50Mb",
        "1.5Gib/s",
        "0.5",
        "0.0001"
      })
  void refusesTheRest(String text) {
    assertThrows(IllegalArgumentException.class, () -> Bytes.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "1", "999", "1KB", "1KiB", "1500", "64MiB", "3GB", "2TiB", "1536KiB"})
  void writesSizesAsPeopleDo(String text) {
    assertEquals(text, Bytes.parse(text).written());
  }
}
