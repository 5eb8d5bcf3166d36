package dev.exodl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.OperatorInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * In an image of GraalVM 25.0.2, a method that has {@code %} of doubles or floats and waits on a
 * virtual thread comes back with a wrong stack: the program crashes. So we do without.
 */
class NoFloatingRemainderTest {
  @Test
  void noMethodTakesTheRemainderOfFloatingPointNumbers() throws Exception {
    Path classes = Path.of("target/classes/dev/exodl");
    try (Stream<Path> files = Files.walk(classes)) {
      List<String> found =
          files
              .filter(file -> file.toString().endsWith(".class"))
              .flatMap(NoFloatingRemainderTest::remainders)
              .toList();
      assertEquals(List.of(), found);
    }
  }

  private static Stream<String> remainders(Path file) {
    ClassModel type;
    try {
      type = ClassFile.of().parse(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return type.methods().stream()
        .filter(NoFloatingRemainderTest::hasRemainder)
        .map(method -> type.thisClass().asInternalName() + "." + method.methodName());
  }

  private static boolean hasRemainder(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .anyMatch(
            element ->
                element instanceof OperatorInstruction operator
                    && (operator.opcode() == Opcode.DREM || operator.opcode() == Opcode.FREM));
  }
}
