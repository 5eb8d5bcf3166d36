package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers and addresses as servers send them. */
class ParsingTest {
  private static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");
  private static final URI BASE = URI.create("https://hub.example/a/b?q=1");

  @Test
  void readsContentRanges() {
    assertEquals(new ContentRange(0, 10, 100), ContentRange.parse("bytes 0-9/100"));
    assertEquals(new ContentRange(5, 10, -1), ContentRange.parse(" bytes 5-9/* "));
    assertEquals(new ContentRange(-1, -1, 100), ContentRange.parse("bytes */100"));
    long far = 60L << 30;
    assertEquals(
        new ContentRange(far, far + 1, far + 2),
        ContentRange.parse("bytes " + far + "-" + far + "/" + (far + 2)));
    for (String wrong :
        new String[] {
          "", "bytes 9-0/100", "bytes 0-100/100", "items 0-1/2", "bytes 0-9", "0-9/10"
        }) {
      assertNull(ContentRange.parse(wrong), wrong);
    }
    assertNull(ContentRange.parse(null));
  }

  @Test
  void findsTheNextPageAmongLinks() {
    assertEquals(
        "https://h/x?c=1;2,3", LinkHeader.next(List.of("<https://h/x?c=1;2,3>; rel=\"next\"")));
    assertEquals(
        "/n", LinkHeader.next(List.of("</p>; rel=\"prev\", </n>; title=\"a,b\"; rel=next")));
    assertEquals("/n", LinkHeader.next(List.of("</p>; rel=\"prev\"", "</n>;rel=\"last next\"")));
    assertNull(LinkHeader.next(List.of("</x>; rel=\"xet-auth\"", "</p>; rel=\"nextish\"", "junk")));
    assertNull(LinkHeader.next(List.of()));
  }

  @Test
  void knowsHowLongASignedAddressIsGood() {
    long end = NOW.getEpochSecond() + 3600;
    URI cloudFront = URI.create("https://cdn/x?Policy=abc&Expires=" + end + "&Signature=s");
    assertEquals(Duration.ofSeconds(3570), SignedLife.of(cloudFront, null, NOW));
    URI s3 = URI.create("https://cdn/x?X-Amz-Date=20260801T120000Z&X-Amz-Expires=900");
    assertEquals(Duration.ofSeconds(870), SignedLife.of(s3, null, NOW));
  }

  @Test
  void goesByTheServersClockForIt() {
    long end = NOW.getEpochSecond() + 3600;
    URI address = URI.create("https://cdn/x?Expires=" + end);
    Instant wrongClock = NOW.plus(Duration.ofDays(400));
    assertEquals(
        Duration.ofSeconds(3570),
        SignedLife.of(address, "Sat, 01 Aug 2026 12:00:00 GMT", wrongClock));
    assertNull(SignedLife.of(address, null, wrongClock), "over already: renewing would not help");
  }

  @Test
  void anAddressThatDoesNotTellIsUsedUntilItIsRefused() {
    for (String query : new String[] {"", "?a=b", "?Expires=soon", "?X-Amz-Expires=900"}) {
      assertNull(SignedLife.of(URI.create("https://cdn/x" + query), null, NOW), query);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/c?d=%22e%22, https://hub.example/c?d=%22e%22",
    "c, https://hub.example/a/c",
    "//other/c, https://other/c",
    "https://cdn/x?s=a|b\"c d~e^, https://cdn/x?s=a%7Cb%22c%20d~e%5E",
    "HTTPS://CDN/x, HTTPS://CDN/x",
    "/f\u00fc, https://hub.example/f%FC",
  })
  void resolvesWhatARedirectNames(String location, String address) {
    assertEquals(address, String.valueOf(HubTransport.resolve(BASE, location)));
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://x/",
    "file:///etc/passwd",
    "http://",
    "http://u:p@h/",
    "http://a b/",
    "javascript:x"
  })
  void resolvesNothingElse(String location) {
    assertNull(HubTransport.resolve(BASE, location));
  }
}
