package dev.exodl.recipes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of docs/recipes, and the shell text that is in them. */
public final class Recipes {
  /** Where they are. */
  public static final Path FOLDER = Path.of("docs/recipes");

  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```(\\w+)\\n(.*?)^ *```$");

  private Recipes() {}

  /** All files, pages too. */
  public static List<Path> all() throws IOException {
    try (var files = Files.walk(FOLDER)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  static String text(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name));
  }

  /** The blocks of a page in a language. */
  static List<String> fenced(String page, String language) {
    List<String> blocks = new ArrayList<>();
    Matcher matcher = FENCED.matcher(page);
    while (matcher.find()) {
      if (matcher.group(1).equals(language)) {
        blocks.add(matcher.group(2).stripIndent());
      }
    }
    return blocks;
  }

  /** What a file has for a shell: each a script of its own. */
  public static List<String> shellTexts(Path file) throws IOException {
    String text = Files.readString(file);
    String name = file.getFileName().toString();
    if (name.endsWith(".sh")) {
      return List.of(text);
    } else if (name.endsWith(".md")) {
      return fenced(text, "sh");
    } else if (name.endsWith(".service")) {
      return text.lines()
          .filter(l -> l.startsWith("Exec"))
          .map(l -> l.substring(l.indexOf('=') + 1).replace("$$", "$"))
          .toList();
    } else if (name.equals("Dockerfile")) {
      return Dockerfile.parse(text).runs();
    } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      return YamlFile.read(file).shellTexts();
    }
    return List.of();
  }

  /** What a tool says of a file, on both streams; its exit code first when that is not 0. */
  static String said(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after 60 s: " + List.of(command));
    }
    return process.exitValue() == 0 ? said : "exit code " + process.exitValue() + ": " + said;
  }
}
