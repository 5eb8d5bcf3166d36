package dev.exodl;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests run in several processes. While those run whose nodes look for others all over loopback, no
 * other class runs that has nodes: they would find each other's. The rest, whose nodes meet in a
 * folder of their own, do not mind each other. JUnit finds this by itself.
 */
public final class OneAtATime implements BeforeAllCallback, AfterAllCallback {
  private static final List<String> LOOK_EVERYWHERE =
      List.of("cluster.", "demo.", "cli.DemoCommandTest.", "cli.RealClusterTest.");

  private static final List<String> MEET = List.of("download.", "swarm.");

  private @Nullable FileChannel lock;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    Class<?> test = context.getRequiredTestClass();
    if (test.getEnclosingClass() != null) {
      return;
    }
    boolean alone = isOf(LOOK_EVERYWHERE, test);
    if (alone || isOf(MEET, test)) {
      lock =
          FileChannel.open(
              Path.of("target", "one-at-a-time"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      // Released with the channel.
      lock.lock(0, Long.MAX_VALUE, !alone);
    }
  }

  private static boolean isOf(List<String> those, Class<?> test) {
    return those.stream().anyMatch(t -> (test.getName() + ".").startsWith("dev.exodl." + t));
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    FileChannel held = lock;
    if (held != null && context.getRequiredTestClass().getEnclosingClass() == null) {
      lock = null;
      held.close();
    }
  }
}
