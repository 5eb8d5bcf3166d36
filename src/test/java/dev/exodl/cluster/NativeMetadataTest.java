package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jgroups.JChannel;
import org.jgroups.Version;
import org.jgroups.annotations.Component;
import org.jgroups.annotations.Property;
import org.jgroups.conf.PropertyConverters;
import org.jgroups.stack.Configurator;
import org.jgroups.stack.Protocol;
import org.jgroups.util.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * In a native image JGroups reaches by reflection only what the metadata names. This finds out what
 * it has to name, for this version of JGroups and this stack; docs/native.md tells of it.
 */
class NativeMetadataTest {
  private static final Path FILE = Path.of("native/metadata/jgroups/reflect-config.json");
  private static final Pattern NAMED =
      Pattern.compile("<class\\s+id=\"\\d+\"\\s+name=\"([^\"]+)\"(\\s+external=\"true\")?");

  private final TreeSet<String> created = new TreeSet<>();
  private final TreeMap<String, TreeSet<String>> read = new TreeMap<>();
  private final TreeSet<String> named = new TreeSet<>();

  @Test
  void theMetadataFitsJGroupsAndTheStack(@TempDir Path folder) throws Exception {
    created.addAll(classesIn("jg-magic-map.xml"));
    named.addAll(classesIn("jg-protocol-ids.xml"));
    Path file = folder.resolve("key");
    ClusterKey.generate(file);
    ClusterKey key = ClusterKey.load(file);
    for (Discovery d : List.of(Discovery.multicast(), Discovery.peers("127.0.0.1"))) {
      add(new ClusterSettings("test", TestNode.loopback(), d, null));
      add(new ClusterSettings("test", TestNode.loopback(), d, key));
    }
    created.add(PropertyConverters.Default.class.getName());
    for (String c : created) {
      assertDoesNotThrow(() -> Class.forName(c).getDeclaredConstructor(), c);
    }
    String right = text();
    String there = Files.exists(FILE) ? Files.readString(FILE) : "";
    if (!there.equals(right)) {
      Path written = Path.of("target", FILE.getFileName().toString());
      Files.writeString(written, right);
      fail(
          FILE
              + " does not fit JGroups "
              + Version.printVersion()
              + " and the protocols of Stack. Missing: "
              + without(right, there)
              + ". Superfluous: "
              + without(there, right)
              + ". The right one is "
              + written
              + ": read the difference, copy it over the other, and try the cluster in an image"
              + " (docs/native.md).");
    }
  }

  private static List<String> classesIn(String resource) throws IOException {
    try (InputStream in = JChannel.class.getClassLoader().getResourceAsStream(resource)) {
      String xml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(
          xml.split("<class ", -1).length - 1,
          (int) NAMED.matcher(xml).results().count(),
          resource + " is written in another way now");
      return NAMED
          .matcher(xml)
          .results()
          .filter(r -> r.group(2) == null)
          .map(r -> r.group(1))
          .toList();
    }
  }

  /** The protocols of a stack and their components: JGroups reads some fields of both. */
  private void add(ClusterSettings settings) throws Exception {
    JChannel channel = Stack.build(settings, text -> {}, text -> {});
    try {
      for (Protocol p : channel.getProtocolStack().getProtocols()) {
        add(p.getClass());
        List<Object> components = Util.getComponents(p);
        if (components != null) {
          components.forEach(c -> add(c.getClass()));
        }
      }
    } finally {
      channel.close();
    }
  }

  /**
   * Fields that hold components, whose own fields are looked at and which are started, and fields
   * that get an address when they have none. All others are only read for settings in XML.
   */
  private void add(Class<?> type) {
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      TreeSet<String> names = read.computeIfAbsent(c.getName(), n -> new TreeSet<>());
      for (Field field : c.getDeclaredFields()) {
        Property property = field.getAnnotation(Property.class);
        if (property != null && isAddress(field)) {
          names.add(field.getName());
          created.add(property.converter().getName());
        }
        if (field.isAnnotationPresent(Component.class)) {
          names.add(field.getName());
        }
      }
      Arrays.stream(c.getDeclaredMethods())
          .filter(m -> m.isAnnotationPresent(Property.class))
          .forEach(
              m ->
                  assertFalse(
                      Arrays.stream(m.getParameterTypes())
                          .anyMatch(Configurator::isInetAddressOrCompatibleType),
                      () -> m + " would be called for a default address: metadata cannot say so"));
    }
  }

  /** As JGroups decides. */
  private static boolean isAddress(Field field) {
    Class<?> type =
        field.getGenericType() instanceof ParameterizedType p
                && p.getActualTypeArguments()[0] instanceof Class<?> of
            ? of
            : field.getType();
    return Configurator.isInetAddressOrCompatibleType(type);
  }

  private String text() {
    TreeMap<String, String> types = new TreeMap<>();
    named.forEach(n -> types.put(n, ""));
    created.forEach(
        n -> types.put(n, ", \"methods\": [{\"name\": \"<init>\", \"parameterTypes\": []}]"));
    read.forEach(
        (n, fields) -> {
          List<String> all = fields.stream().map(f -> "{\"name\": \"" + f + "\"}").toList();
          types.merge(
              n,
              all.isEmpty() ? "" : ", \"fields\": [" + String.join(", ", all) + "]",
              String::concat);
        });
    List<String> lines = new ArrayList<>();
    types.forEach((n, more) -> lines.add("  {\"name\": \"" + n + "\"" + more + "}"));
    return "[\n" + String.join(",\n", lines) + "\n]\n";
  }

  private static Set<String> without(String some, String others) {
    Set<String> lines = new LinkedHashSet<>(some.lines().map(l -> line(l)).toList());
    others.lines().map(l -> line(l)).forEach(lines::remove);
    return lines;
  }

  private static String line(String text) {
    return text.strip().replaceFirst(",$", "");
  }
}
