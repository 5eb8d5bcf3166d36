package dev.exodl.verify;

import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.function.CLibrary;
import org.graalvm.nativeimage.c.type.CCharPointer;

/**
 * OpenSSL's hash functions, linked into the native image. They choose the fastest code for the CPU
 * at run time, which an image's own SHA-256 does not. Source: SHA256_Init(3ssl); these plain
 * functions read no configuration files and load no modules, unlike the EVP ones.
 */
@CLibrary(value = "crypto", requireStatic = true)
final class OpenSsl {
  private OpenSsl() {}

  @CFunction("SHA256_Init")
  static native int sha256Init(CCharPointer context);

  @CFunction("SHA256_Update")
  static native int sha256Update(CCharPointer context, CCharPointer bytes, long length);

  @CFunction("SHA256_Final")
  static native int sha256Final(CCharPointer digest, CCharPointer context);

  @CFunction("SHA1_Init")
  static native int sha1Init(CCharPointer context);

  @CFunction("SHA1_Update")
  static native int sha1Update(CCharPointer context, CCharPointer bytes, long length);

  @CFunction("SHA1_Final")
  static native int sha1Final(CCharPointer digest, CCharPointer context);
}
