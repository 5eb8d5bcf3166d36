package dev.exodl.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RecipePagesTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(?:#([^)]+))?\\)");

  @Test
  void everyLinkLeadsSomewhere() throws Exception {
    int links = 0;
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        Path target = page.resolveSibling(link.group(1)).normalize();
        assertTrue(Files.exists(target), page + " has " + link.group());
        String part = link.group(2);
        if (part != null) {
          List<String> parts =
              Files.readString(target)
                  .lines()
                  .filter(l -> l.startsWith("#"))
                  .map(RecipePagesTest::name)
                  .toList();
          assertTrue(parts.contains(part), page + " has " + link.group() + ", there are " + parts);
        }
        links++;
      }
    }
    assertTrue(links > 30, "links: " + links);
  }

  /** As GitHub makes it of a heading. */
  private static String name(String heading) {
    return heading
        .replaceFirst("^#+ ", "")
        .toLowerCase(java.util.Locale.ROOT)
        .replaceAll("[^a-z0-9 -]", "")
        .replace(' ', '-');
  }

  @Test
  void theIndexNamesEveryFileAndTheReadmeTheIndex() throws Exception {
    String index = Recipes.text("README.md");
    List<String> missing = new ArrayList<>();
    for (Path file : Recipes.all()) {
      String name = Recipes.FOLDER.relativize(file).toString();
      if (!name.equals("README.md") && !index.contains("(" + name + ")")) {
        missing.add(name);
      }
    }
    assertEquals(List.of(), missing);
    for (String page : List.of("README.md", "ARCHITECTURE.md", "CHANGELOG.md")) {
      assertTrue(Files.readString(Path.of(page)).contains("(docs/recipes/README.md)"), page);
    }
  }

  /** Only addresses of this machine: where exo-dl's archive is, the user says. */
  @Test
  void noRecipeNamesAPlaceToDownloadFrom() throws Exception {
    Pattern address = Pattern.compile("https?://\\S+");
    for (Path file : Recipes.all()) {
      Matcher matcher = address.matcher(Files.readString(file));
      assertTrue(!matcher.find(), () -> file + " has " + matcher.group());
    }
  }

  private static List<Path> pages() throws Exception {
    return Recipes.all().stream().filter(f -> f.toString().endsWith(".md")).toList();
  }
}
