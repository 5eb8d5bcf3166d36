import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Writes THIRD-PARTY.txt and licenses/: what is linked into the native binary, under which licence.
 *
 * <p>{@code java ThirdParty.java JARS REPOSITORY PARTS APACHE NAMES TEXTS OUT}
 *
 * <ul>
 *   <li>JARS: folder of the jars an image was built from, each named GROUP.ARTIFACT-VERSION.jar
 *   <li>REPOSITORY: Maven's local repository, for the poms and their parents
 *   <li>PARTS: folder with one folder for each part that is no jar: a file {@code about} (its lines
 *       are shown) and texts of licences
 *   <li>APACHE: file with the text of Apache-2.0
 *   <li>NAMES: which licences are allowed, and what poms call them
 *   <li>TEXTS: reviewed texts ARTIFACT.txt for jars that come without one
 *   <li>OUT: folder that gets THIRD-PARTY.txt and licenses/
 * </ul>
 *
 * A jar without a known licence, or whose licence's text is nowhere, ends it with status 1 and the
 * jar's name.
 */
final class ThirdParty {
  private static final String APACHE = "Apache-2.0";
  private static final String END_OF_APACHE = "end of terms and conditions";

  private final Path repository;
  private final Path reviewedTexts;
  private final Map<String, String> names;
  private final Path licenses;

  /** File names in licenses/ by their text, blanks evened out: the same text is kept once. */
  private final Map<String, String> kept = new LinkedHashMap<>();

  private record Coordinates(String group, String artifact, String version) {
    Path pomIn(Path repository) {
      return repository
          .resolve(group.replace('.', '/'))
          .resolve(artifact)
          .resolve(version)
          .resolve(artifact + "-" + version + ".pom");
    }
  }

  /** What a pom says; from its nearest parent that says it. */
  private record Told(List<String> licences, String home) {}

  private record Text(String name, String content) {}

  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  private ThirdParty(
      Path repository, Path reviewedTexts, Map<String, String> names, Path licenses) {
    this.repository = repository;
    this.reviewedTexts = reviewedTexts;
    this.names = names;
    this.licenses = licenses;
  }

  public static void main(String[] args) throws Exception {
    if (args.length != 7) {
      System.err.println("usage: ThirdParty JARS REPOSITORY PARTS APACHE NAMES TEXTS OUT");
      System.exit(2);
    }
    Path out = Path.of(args[6]);
    Path licenses = Files.createDirectories(out.resolve("licenses"));
    var notice =
        new ThirdParty(Path.of(args[1]), Path.of(args[5]), read(Path.of(args[4])), licenses);
    try {
      notice.write(Path.of(args[0]), Path.of(args[2]), Path.of(args[3]), out);
    } catch (Refused e) {
      System.err.println("licences: " + e.getMessage());
      System.exit(1);
    }
  }

  private static Map<String, String> read(Path names) throws IOException {
    Map<String, String> read = new LinkedHashMap<>();
    for (String line : Files.readAllLines(names)) {
      int equals = line.indexOf(" = ");
      if (!line.startsWith("#") && equals > 0) {
        read.put(even(line.substring(equals + 3)), line.substring(0, equals));
      }
    }
    return read;
  }

  private void write(Path jars, Path parts, Path apache, Path out) throws Exception {
    keep(APACHE + ".txt", Files.readString(apache));
    List<String> lines = new ArrayList<>();
    lines.add("Third-party software in exo-dl's native binary");
    lines.add("");
    lines.add(
        "exo-dl itself is under the Apache License 2.0 (LICENSE). Its native binary also holds code of the");
    lines.add(
        "parts below, each under its own licence. The licences' texts and notices are in the folder licenses.");
    lines.add("");
    lines.add("");
    lines.add("The runtime and static libraries");
    lines.add("--------------------------------");
    for (Path part : sorted(parts)) {
      lines.add("");
      lines.addAll(part(part));
    }
    lines.add("");
    lines.add("");
    lines.add("Java libraries");
    lines.add("--------------");
    lines.add("");
    lines.add(
        "Those on the class path of the image; of each, what the program can reach is linked in.");
    lines.add(
        "Where there is a choice of licences and Apache-2.0 is one of them, that is the one taken.");
    Map<String, List<String>> entries = new TreeMap<>();
    for (Path jar : sorted(jars)) {
      if (jar.toString().endsWith(".jar")) {
        List<String> entry = entry(jar);
        entries.put(entry.getFirst(), entry);
      }
    }
    if (entries.isEmpty()) {
      throw new Refused("there are no jars in " + jars);
    }
    for (List<String> entry : entries.values()) {
      lines.add("");
      lines.addAll(entry);
    }
    Files.writeString(out.resolve("THIRD-PARTY.txt"), String.join("\n", lines) + "\n");
  }

  private List<String> part(Path folder) throws Exception {
    List<String> lines = new ArrayList<>(Files.readAllLines(folder.resolve("about")));
    LinkedHashSet<String> files = new LinkedHashSet<>();
    for (Path file : sorted(folder)) {
      String name = String.valueOf(file.getFileName());
      if (!name.equals("about")) {
        files.add(keep(folder.getFileName() + "-" + name, Files.readString(file)));
      }
    }
    if (files.isEmpty()) {
      throw new Refused("no text of a licence for " + lines.getFirst());
    }
    lines.add("  texts: " + shown(files));
    return lines;
  }

  private List<String> entry(Path jar) throws Exception {
    String name = String.valueOf(jar.getFileName());
    Coordinates coordinates = coordinates(name);
    Told told = told(coordinates, name);
    LinkedHashSet<String> ids = new LinkedHashSet<>();
    for (String licence : told.licences()) {
      String id = names.get(even(licence));
      if (id == null) {
        throw new Refused(
            name
                + " has the licence '"
                + licence
                + "', which native/licences/names does not know:"
                + " read it, then add it there");
      }
      ids.add(id);
    }
    LinkedHashSet<String> files = new LinkedHashSet<>();
    boolean hasText = false;
    if (ids.contains(APACHE)) {
      files.add(APACHE + ".txt");
      hasText = true;
    }
    for (Text text : textsIn(jar)) {
      files.add(keep(coordinates.artifact() + "-" + text.name(), text.content()));
      hasText |= !text.name().toUpperCase(Locale.ROOT).startsWith("NOTICE");
    }
    Path reviewed = reviewedTexts.resolve(coordinates.artifact() + ".txt");
    if (!hasText && Files.exists(reviewed)) {
      files.add(keep(coordinates.artifact() + ".txt", Files.readString(reviewed)));
      hasText = true;
    }
    if (!hasText) {
      throw new Refused(
          name
              + " comes without the text of its licence "
              + String.join(" or ", ids)
              + ": add it as "
              + reviewed);
    }
    return List.of(
        coordinates.artifact() + " " + coordinates.version() + " (" + coordinates.group() + ")",
        "  licence: " + String.join(" or ", ids),
        "  source: " + told.home(),
        "  texts: " + shown(files));
  }

  /** Jars are named GROUP.ARTIFACT-VERSION.jar; where one ends, the pom that exists tells. */
  private Coordinates coordinates(String jar) throws Refused {
    String name = jar.substring(0, jar.length() - ".jar".length());
    // Quarkus names a jar so that it took classes out of.
    if (name.startsWith("modified-")) {
      name = name.substring("modified-".length());
    }
    for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
      for (int dash = name.indexOf('-', dot); dash > 0; dash = name.indexOf('-', dash + 1)) {
        var tried =
            new Coordinates(
                name.substring(0, dot), name.substring(dot + 1, dash), name.substring(dash + 1));
        if (Files.exists(tried.pomIn(repository))) {
          return tried;
        }
      }
    }
    throw new Refused(jar + ": its pom is not in Maven's local repository " + repository);
  }

  private Told told(Coordinates coordinates, String jar) throws Exception {
    List<String> licences = List.of();
    String home = "";
    Optional<Coordinates> next = Optional.of(coordinates);
    while (next.isPresent() && (licences.isEmpty() || home.isEmpty())) {
      Path file = next.get().pomIn(repository);
      if (!Files.exists(file)) {
        break;
      }
      Element pom =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getDocumentElement();
      if (licences.isEmpty()) {
        licences =
            child(pom, "licenses").stream()
                .flatMap(list -> children(list).stream())
                .flatMap(licence -> text(licence, "name").stream())
                .toList();
      }
      if (home.isEmpty()) {
        home =
            child(pom, "scm")
                .flatMap(scm -> text(scm, "url"))
                .or(() -> text(pom, "url"))
                .filter(url -> !url.contains("${"))
                .orElse("");
      }
      next =
          child(pom, "parent")
              .map(
                  parent ->
                      new Coordinates(
                          text(parent, "groupId").orElse(""),
                          text(parent, "artifactId").orElse(""),
                          text(parent, "version").orElse("")));
    }
    if (licences.isEmpty()) {
      throw new Refused(jar + ": neither its pom nor a parent names a licence");
    }
    return new Told(licences, home.isEmpty() ? "not told" : home);
  }

  private static List<Text> textsIn(Path jar) throws IOException {
    List<Text> texts = new ArrayList<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<? extends ZipEntry> entries =
          zip.stream()
              .filter(e -> e.getName().matches("(?i)META-INF/(LICEN[CS]E|NOTICE|COPYING)[^/]*"))
              .sorted(java.util.Comparator.comparing(ZipEntry::getName))
              .toList();
      for (ZipEntry entry : entries) {
        String content = new String(zip.getInputStream(entry).readAllBytes(), "UTF-8");
        texts.add(new Text(entry.getName().substring("META-INF/".length()), content));
      }
    }
    return texts;
  }

  /** Puts a text into licenses/ unless it is there already; returns the name of its file. */
  private String keep(String name, String content) throws IOException {
    String known = kept.get(even(content));
    if (known != null) {
      return known;
    }
    // Apache's text ends with advice for authors, which differs a little from jar to jar.
    String terms = apacheTerms(content);
    for (Map.Entry<String, String> one : kept.entrySet()) {
      if (!terms.isEmpty() && terms.equals(apacheTerms(one.getKey()))) {
        return one.getValue();
      }
    }
    String clean = content.replace("\r", "").replace("\f", "");
    Files.writeString(licenses.resolve(name), clean.endsWith("\n") ? clean : clean + "\n");
    kept.put(even(content), name);
    return name;
  }

  private static String apacheTerms(String content) {
    String even = even(content).replace("https:", "http:");
    int end = even.indexOf(END_OF_APACHE);
    return even.startsWith("apache license version 2.0") && end > 0 ? even.substring(0, end) : "";
  }

  private static String even(String text) {
    return text.replaceAll("\\s+", " ").strip().toLowerCase(Locale.ROOT);
  }

  private static String shown(LinkedHashSet<String> files) {
    return files.stream().map(f -> "licenses/" + f).collect(Collectors.joining(", "));
  }

  private static List<Path> sorted(Path folder) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(paths::add);
    }
    paths.sort(null);
    return paths;
  }

  private static List<Element> children(Element parent) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        children.add(element);
      }
    }
    return children;
  }

  private static Optional<Element> child(Element parent, String name) {
    return children(parent).stream().filter(c -> c.getTagName().equals(name)).findFirst();
  }

  private static Optional<String> text(Element parent, String name) {
    return child(parent, name).map(c -> c.getTextContent().strip()).filter(t -> !t.isEmpty());
  }
}
