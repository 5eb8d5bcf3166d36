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
 * Tests run in several processes. Of those whose nodes look for others on loopback one class runs
 * at a time: they would find each other's. JUnit finds this by itself.
 */
public final class OneAtATime implements BeforeAllCallback, AfterAllCallback {
  private static final List<String> ROOMS = List.of("cli", "cluster", "demo", "download", "swarm");

  private @Nullable FileChannel lock;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    Class<?> test = context.getRequiredTestClass();
    String name = test.getPackageName();
    if (test.getEnclosingClass() == null
        && ROOMS.stream().anyMatch(r -> (name + ".").startsWith("dev.exodl." + r + "."))) {
      lock =
          FileChannel.open(
              Path.of("target", "one-at-a-time"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      // Released with the channel.
      lock.lock();
    }
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
