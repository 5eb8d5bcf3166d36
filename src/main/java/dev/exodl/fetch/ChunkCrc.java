package dev.exodl.fetch;

import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** The checksum of a chunk: CRC32C (RFC 3720, appendix B.4). */
public final class ChunkCrc {
  private ChunkCrc() {}

  /** A fresh one, by the fastest code here. */
  public static Checksum create() {
    // GraalVM's documented property: set while an image is built and while it runs, nowhere else.
    return System.getProperty("org.graalvm.nativeimage.imagecode") == null
        ? new CRC32C()
        : new NativeCrc32c();
  }
}
