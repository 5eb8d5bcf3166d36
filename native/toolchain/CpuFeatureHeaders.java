import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;

/**
 * Writes {@code ARCHcpufeatures.h} of each architecture from the annotated methods of the builder's own {@code CPUFeatures} interfaces:
 * {@code java CpuFeatureHeaders.java svm.jar FOLDER}. The builder asks gcc for the offsets, so only the names count.
 */
final class CpuFeatureHeaders {
  private record Source(String classFile, String header) {}

  private static final List<Source> SOURCES =
      List.of(
          new Source("com/oracle/svm/core/amd64/AMD64LibCHelper$CPUFeatures.class", "amd64cpufeatures.h"),
          new Source("com/oracle/svm/core/aarch64/AArch64LibCHelper$CPUFeatures.class", "aarch64cpufeatures.h"),
          new Source("com/oracle/svm/core/riscv64/RISCV64LibCHelper$CPUFeatures.class", "riscv64cpufeatures.h"));

  public static void main(String[] arguments) throws IOException {
    try (ZipFile jar = new ZipFile(arguments[0])) {
      for (Source source : SOURCES) {
        var entry = jar.getEntry(source.classFile());
        if (entry == null) {
          throw new IOException(arguments[0] + " has no " + source.classFile() + ": this is another builder than the pinned one");
        }
        byte[] bytes = jar.getInputStream(entry).readAllBytes();
        Files.writeString(Path.of(arguments[1], source.header()), header(ClassFile.of().parse(bytes)));
      }
    }
  }

  private static String header(ClassModel type) {
    StringBuilder text = new StringBuilder("/* Generated from " + type.thisClass().asInternalName() + " of svm.jar. */\n#pragma once\n#include <stdint.h>\n\ntypedef struct {\n");
    type.methods().stream()
        .filter(CpuFeatureHeaders::isField)
        .forEach(method -> text.append("  uint8_t ").append(method.methodName().stringValue()).append(";\n"));
    return text.append("} CPUFeatures;\n").toString();
  }

  private static boolean isField(MethodModel method) {
    return method
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .stream()
        .flatMap(found -> found.annotations().stream())
        .anyMatch(annotation -> annotation.className().stringValue().endsWith("/CField;"));
  }
}
