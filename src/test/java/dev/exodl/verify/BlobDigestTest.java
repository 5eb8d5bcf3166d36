package dev.exodl.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.BlobId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BlobDigestTest {
  private static final byte[] HELLO = "hello\n".getBytes(StandardCharsets.US_ASCII);

  /** {@code printf 'hello\n' | sha256sum}. */
  private static final String SHA256 =
      "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

  /** {@code printf 'hello\n' | git hash-object --stdin}. */
  private static final String GIT = "ce013625030ba8dba906f756967f9e9ca394464a";

  @Test
  void namesAnLfsFileByTheSha256OfItsContent() {
    BlobDigest digest = BlobDigest.of(new BlobId.Sha256(SHA256), 6);
    digest.update(HELLO, 0, 2);
    digest.update(HELLO, 2, 4);
    assertTrue(digest.matches());
    assertEquals(SHA256, digest.hex());
  }

  @Test
  void namesAGitFileAsGitDoes() {
    BlobDigest digest = BlobDigest.of(new BlobId.GitSha1(GIT), 6);
    digest.update(HELLO, 0, 6);
    assertTrue(digest.matches());
  }

  @Test
  void knowsTheEmptyGitFile() {
    BlobId id = new BlobId.GitSha1("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    assertTrue(BlobDigest.of(id, 0).matches());
  }

  @Test
  void tellsWrongBytesAndMissingBytes() {
    BlobDigest wrong = BlobDigest.of(new BlobId.Sha256(SHA256), 6);
    wrong.update("hellO\n".getBytes(StandardCharsets.US_ASCII), 0, 6);
    assertFalse(wrong.matches());
    BlobDigest shorter = BlobDigest.of(new BlobId.Sha256(SHA256), 7);
    shorter.update(HELLO, 0, 6);
    assertFalse(shorter.matches());
  }

  @Test
  void takesNoBytesAfterItsEnd() {
    BlobDigest digest = BlobDigest.of(new BlobId.Sha256(SHA256), 6);
    digest.update(HELLO, 0, 6);
    digest.hex();
    assertThrows(IllegalStateException.class, () -> digest.update(HELLO, 0, 1));
  }
}
