package dev.exodl.download;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Mount namespaces of their own for processes of a test, where the machine lets users make them.
 */
final class Namespaces {
  private static final List<String> UNSHARE =
      List.of("unshare", "-r", "-m", "-p", "-f", "--mount-proc");

  private Namespaces() {}

  static boolean work() throws InterruptedException {
    try {
      return new ProcessBuilder(in("true")).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The command as the first process of new namespaces. */
  static List<String> in(String... command) {
    List<String> all = new ArrayList<>(UNSHARE);
    all.addAll(List.of(command));
    return all;
  }

  /** A Java program with the classes of this one. */
  static List<String> java(Class<?> main, String... arguments) {
    List<String> all = new ArrayList<>();
    all.add(ProcessHandle.current().info().command().orElseThrow());
    all.addAll(List.of("-Xmx256m", "-XX:-UsePerfData"));
    all.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    all.addAll(List.of(arguments));
    return all;
  }
}
