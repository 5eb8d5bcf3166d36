package dev.exodl.cli;

import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.function.CLibrary;

/** Writing to a connection that the other side closed fails, and does not end the process. */
@CLibrary(value = "exodl", requireStatic = true)
final class NativePipes {
  private NativePipes() {}

  /** Only in a native image; a JVM does it by itself. */
  @CFunction("exodl_catch_broken_pipes")
  static native void caught();
}
