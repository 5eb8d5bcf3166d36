package dev.exodl.verify;

import java.util.HexFormat;
import java.util.Objects;
import org.graalvm.nativeimage.PinnedObject;
import org.graalvm.nativeimage.c.type.CCharPointer;

/** A hash by OpenSSL; only in a native image. */
final class OpenSslHash implements ByteHash {
  /** The engine of a native image. */
  static final Engine ENGINE =
      new Engine() {
        @Override
        public ByteHash sha256() {
          return new OpenSslHash(Kind.SHA256);
        }

        @Override
        public ByteHash sha1() {
          return new OpenSslHash(Kind.SHA1);
        }
      };

  private enum Kind {
    SHA256(32),
    SHA1(20);

    final int digestBytes;

    Kind(int digestBytes) {
      this.digestBytes = digestBytes;
    }
  }

  /** More than SHA256_CTX (112 bytes) and SHA_CTX (96) of openssl/sha.h; neither holds pointers. */
  private static final int CONTEXT_BYTES = 256;

  private final Kind kind;
  private final byte[] context = new byte[CONTEXT_BYTES];

  private OpenSslHash(Kind kind) {
    this.kind = kind;
    try (PinnedObject pin = PinnedObject.create(context)) {
      CCharPointer state = pin.addressOfArrayElement(0);
      int done =
          switch (kind) {
            case SHA256 -> OpenSsl.sha256Init(state);
            case SHA1 -> OpenSsl.sha1Init(state);
          };
      check(done);
    }
  }

  @Override
  public void update(byte[] bytes, int from, int length) {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (length == 0) {
      return;
    }
    try (PinnedObject pin = PinnedObject.create(context);
        PinnedObject content = PinnedObject.create(bytes)) {
      CCharPointer state = pin.addressOfArrayElement(0);
      CCharPointer start = content.addressOfArrayElement(from);
      int done =
          switch (kind) {
            case SHA256 -> OpenSsl.sha256Update(state, start, length);
            case SHA1 -> OpenSsl.sha1Update(state, start, length);
          };
      check(done);
    }
  }

  @Override
  public String hex() {
    byte[] digest = new byte[kind.digestBytes];
    try (PinnedObject pin = PinnedObject.create(context);
        PinnedObject result = PinnedObject.create(digest)) {
      CCharPointer state = pin.addressOfArrayElement(0);
      CCharPointer into = result.addressOfArrayElement(0);
      int done =
          switch (kind) {
            case SHA256 -> OpenSsl.sha256Final(into, state);
            case SHA1 -> OpenSsl.sha1Final(into, state);
          };
      check(done);
    }
    return HexFormat.of().formatHex(digest);
  }

  /** 1 is success; another answer must never pass for a digest. */
  private static void check(int done) {
    if (done != 1) {
      throw new IllegalStateException("OpenSSL's hash function failed");
    }
  }
}
