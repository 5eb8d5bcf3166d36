package dev.exodl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.OperatorInstruction;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jgroups.JChannel;
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

  /** It runs on virtual threads; its demos and tests are in its jar, but not in an image. */
  @Test
  void noMethodOfJGroupsThatIsCalledDoesSo() throws Exception {
    Path jar = Path.of(JChannel.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (FileSystem inside = FileSystems.newFileSystem(jar);
        Stream<Path> files = Files.walk(inside.getPath("org/jgroups"))) {
      List<String> found =
          files
              .filter(file -> file.toString().matches("(?!.*/(demos|tests)/).*\\.class"))
              .flatMap(NoFloatingRemainderTest::remainders)
              .toList();
      // Only tests call it.
      assertEquals(List.of("org/jgroups/util/Util.sleepRandom"), found);
    }
  }

  private static Stream<String> remainders(Path file) {
    ClassModel type;
    try {
      type = ClassFile.of().parse(Files.readAllBytes(file));
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
