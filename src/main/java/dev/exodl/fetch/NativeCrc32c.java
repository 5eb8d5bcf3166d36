package dev.exodl.fetch;

import java.util.Objects;
import java.util.zip.Checksum;
import org.graalvm.nativeimage.PinnedObject;
import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.function.CLibrary;
import org.graalvm.nativeimage.c.type.CCharPointer;

/** CRC32C by the CPU's instruction; only in a native image, whose own is much slower. */
@CLibrary(value = "exodl", requireStatic = true)
final class NativeCrc32c implements Checksum {
  private int crc;

  @CFunction("exodl_crc32c")
  private static native int crc32c(int before, CCharPointer bytes, long length);

  @Override
  public void update(int b) {
    update(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void update(byte[] bytes, int from, int length) {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (length == 0) {
      return;
    }
    try (PinnedObject pin = PinnedObject.create(bytes)) {
      crc = crc32c(crc, pin.addressOfArrayElement(from), length);
    }
  }

  @Override
  public long getValue() {
    return Integer.toUnsignedLong(crc);
  }

  @Override
  public void reset() {
    crc = 0;
  }
}
