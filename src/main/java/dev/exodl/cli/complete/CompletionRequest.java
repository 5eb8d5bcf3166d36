package dev.exodl.cli.complete;

import dev.exodl.cli.settings.SettingsLookup;
import dev.exodl.model.RepoType;
import dev.exodl.store.Caches;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the scripts ask: {@code exo-dl __complete repos PREFIX WORD...} with the whole words of the
 * command line before it. Answered by candidates, one a line; by nothing when anything is wrong, as
 * a user who presses Tab wants no messages. Nothing is ever written, and neither the framework nor
 * the model of the command line is needed: the user waits.
 */
public final class CompletionRequest {
  private static final String WORD = "__complete";

  private CompletionRequest() {}

  /** Whether these are the program's arguments for a request. */
  public static boolean is(String[] args) {
    return args.length > 0 && args[0].equals(WORD);
  }

  /**
   * The answer, lines with their ends.
   *
   * @param userHome used when {@code HOME} is not set
   */
  public static String answer(String[] args, Map<String, String> environment, String userHome) {
    if (args.length < 3 || !args[1].equals("repos")) {
      return "";
    }
    List<String> words = Arrays.asList(args).subList(3, args.length);
    StringBuilder answer = new StringBuilder();
    try {
      Caches caches =
          SettingsLookup.caches(
              environment, userHome, value(words, "--cache-dir"), value(words, "--cache-path"));
      Optional<RepoType> type = value(words, "--repo-type").flatMap(CompletionRequest::type);
      new RepoNames(caches.all(), type)
          .beginningWith(args[2]).stream()
              .filter(name -> !words.contains(name))
              .forEach(name -> answer.append(name).append('\n'));
    } catch (RuntimeException e) {
      // Whatever it was, the command itself will tell it when it is run.
      return "";
    }
    return answer.toString();
  }

  private static Optional<RepoType> type(String word) {
    return Arrays.stream(RepoType.values())
        .filter(t -> t.word().equalsIgnoreCase(word))
        .findFirst();
  }

  /** The last value that an option was given, in its own word or in the next. */
  private static Optional<String> value(List<String> words, String option) {
    String value = "";
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--")) {
        break;
      }
      if (word.startsWith(option + "=")) {
        value = word.substring(option.length() + 1);
      } else if (word.equals(option) && i + 1 < words.size()) {
        value = words.get(i + 1);
      }
    }
    return Optional.of(value).filter(v -> !v.isBlank());
  }
}
