package dev.exodl.cli;

import dev.exodl.cli.settings.Settings;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.store.Caches;
import dev.exodl.store.KnownStores;
import dev.exodl.store.Link;
import dev.exodl.store.Reuse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What other programs have on this machine. */
final class ReuseOptions {
  @Option(
      names = "--reuse",
      paramLabel = "DIR",
      description = "Look for content below it before fetching any; may be repeated.")
  List<String> folders = new ArrayList<>();

  @Option(
      names = "--no-reuse",
      description =
          "Do not look into what other programs keep on this machine, such as Ollama, LM Studio and exo.")
  boolean noKnown;

  @Option(
      names = "--link",
      paramLabel = "HOW",
      description =
          "How what is found comes here: auto, reflink, hard (links) or copy. Default: auto.")
  @Nullable Link link;

  /**
   * Where to look; options go before settings.
   *
   * @param caches those that are used; other repos of the one that receives may have the same
   *     content
   */
  Reuse reuse(Program program, Caches caches) {
    Settings settings = program.settings();
    Path home = home(program);
    Set<Path> all = new LinkedHashSet<>();
    if (folders.isEmpty()) {
      settings.reuse().stream()
          .flatMap(text -> List.of(text.split(":", -1)).stream())
          .map(Path::of)
          .forEach(all::add);
    } else {
      folders.forEach(text -> all.add(folder(text)));
    }
    if (!noKnown && settings.reuseKnown()) {
      if (caches.noneReceives().isEmpty()) {
        all.add(caches.root());
      }
      all.add(settings.cacheDir());
      all.add(settings.hfHome().resolve("hub"));
      all.addAll(KnownStores.in(program.environment(), home));
    }
    return new Reuse(
        List.copyOf(all),
        link == null ? settings.link() : link,
        Optional.of(KnownStores.memory(program.environment(), home)));
  }

  private static Path folder(String text) {
    Path path = OptionValues.path("--reuse", text);
    if (!Files.isDirectory(path)) {
      throw new FailureException(
          new Failure.Usage(
              "there is no folder '" + Printable.of(text) + "'",
              "--reuse",
              "name one that is there, or leave it out"));
    }
    return path;
  }

  /** The home that other programs see. */
  static Path home(Program program) {
    String home = program.environment().getOrDefault("HOME", "");
    return Path.of(home.isBlank() ? System.getProperty("user.home", "/") : home);
  }
}
