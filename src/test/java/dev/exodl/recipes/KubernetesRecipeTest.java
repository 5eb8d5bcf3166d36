package dev.exodl.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What has to fit together in the files of docs/recipes/kubernetes. */
class KubernetesRecipeTest {
  private static final List<String> FILES =
      List.of("kubernetes/exo-dl.yaml", "kubernetes/vllm.yaml");

  private static List<Map<?, ?>> objects() throws IOException {
    List<Map<?, ?>> objects = new ArrayList<>();
    for (String name : FILES) {
      YamlFile.parse(Recipes.text(name)).documents().forEach(d -> objects.add(YamlFile.map(d)));
    }
    return objects;
  }

  private static Map<?, ?> at(Map<?, ?> map, String... keys) {
    for (String key : keys) {
      map = YamlFile.map(map.get(key));
    }
    return map;
  }

  private static List<Map<?, ?>> maps(Object list) {
    return YamlFile.list(list == null ? List.of() : list).stream()
        .<Map<?, ?>>map(YamlFile::map)
        .toList();
  }

  private static List<Map<?, ?>> of(String kind) throws IOException {
    return objects().stream().filter(o -> kind.equals(o.get("kind"))).toList();
  }

  private static List<Map<?, ?>> workloads() throws IOException {
    return objects().stream().filter(o -> "apps/v1".equals(o.get("apiVersion"))).toList();
  }

  private static Map<?, ?> pod(Map<?, ?> workload) {
    return at(workload, "spec", "template", "spec");
  }

  private static List<Map<?, ?>> containers(Map<?, ?> workload) {
    List<Map<?, ?>> all = new ArrayList<>(maps(pod(workload).get("initContainers")));
    all.addAll(maps(pod(workload).get("containers")));
    return all;
  }

  private static List<Map<?, ?>> ofExoDl(Map<?, ?> workload) {
    return containers(workload).stream()
        .filter(c -> c.get("image").toString().startsWith("REGISTRY/exo-dl:"))
        .toList();
  }

  @Test
  void everyObjectIsInTheNamespaceThatIsMade() throws Exception {
    assertEquals(5, objects().size());
    assertEquals("models", at(of("Namespace").getFirst(), "metadata").get("name"));
    for (Map<?, ?> object : objects()) {
      if (!"Namespace".equals(object.get("kind"))) {
        assertEquals("models", at(object, "metadata").get("namespace"));
      }
    }
  }

  @Test
  void theNameThatNodesLookUpIsTheHeadlessServiceOfAllOfThem() throws Exception {
    Map<?, ?> service = of("Service").getFirst();
    assertEquals("None", at(service, "spec").get("clusterIP"));
    assertEquals(true, at(service, "spec").get("publishNotReadyAddresses"));
    String name =
        at(service, "metadata").get("name") + "." + at(service, "metadata").get("namespace");
    int commands = 0;
    for (String file : FILES) {
      for (String script : YamlFile.parse(Recipes.text(file)).shellTexts()) {
        for (List<String> words : ShellCommands.of("exo-dl", script)) {
          assertTrue(words.contains("--discovery=dns:" + name + ".svc"), words.toString());
          assertTrue(words.contains("--cluster=models"), words.toString());
          commands++;
        }
      }
    }
    assertEquals(2, commands);
    for (Map<?, ?> workload : workloads()) {
      Map<?, ?> labels = at(workload, "spec", "template", "metadata", "labels");
      assertTrue(labels.entrySet().containsAll(at(service, "spec", "selector").entrySet()));
      assertTrue(
          labels
              .entrySet()
              .containsAll(at(workload, "spec", "selector", "matchLabels").entrySet()));
    }
  }

  /** The ports of docs/cluster.md: the first of each kind, since a pod has them for itself. */
  @Test
  void portsAreThoseOfTheCluster() throws Exception {
    String page = java.nio.file.Files.readString(java.nio.file.Path.of("docs/cluster.md"));
    List<Integer> ports = List.of(7820, 7840, 7872);
    for (int port : ports) {
      assertTrue(page.contains("| TCP " + port + "–"), "docs/cluster.md has " + port);
    }
    assertEquals(
        ports,
        maps(at(of("Service").getFirst(), "spec").get("ports")).stream()
            .map(p -> p.get("port"))
            .toList());
    int listening = 0;
    for (Map<?, ?> workload : workloads()) {
      for (Map<?, ?> container : ofExoDl(workload)) {
        if (container.get("ports") != null) {
          assertEquals(
              ports,
              maps(container.get("ports")).stream().map(p -> p.get("containerPort")).toList());
          listening++;
        }
      }
    }
    assertEquals(2, listening);
  }

  @Test
  void exoDlMayDoNoMoreThanItHasTo() throws Exception {
    List<Object> roots = new ArrayList<>();
    for (Map<?, ?> workload : workloads()) {
      assertEquals(65532, at(pod(workload), "securityContext").get("fsGroup"));
      for (Map<?, ?> container : ofExoDl(workload)) {
        Map<?, ?> security = at(container, "securityContext");
        assertEquals(false, security.get("allowPrivilegeEscalation"));
        assertEquals(true, security.get("readOnlyRootFilesystem"));
        assertEquals(List.of("ALL"), at(security, "capabilities").get("drop"));
        assertTrue(at(container, "resources", "limits").containsKey("memory"));
        assertTrue(at(container, "resources").containsKey("requests"));
        Object user =
            security.containsKey("runAsUser")
                ? security.get("runAsUser")
                : at(pod(workload), "securityContext").get("runAsUser");
        if (Integer.valueOf(0).equals(user)) {
          roots.add(container.get("name"));
        } else {
          assertEquals(65532, user);
        }
      }
    }
    assertEquals(List.of("folder"), roots);
  }

  /** YAML's octal: Kubernetes wants the number. */
  @Test
  void theKeyIsForItsOwnerAndTheGroupOnly() throws Exception {
    for (Map<?, ?> workload : workloads()) {
      List<Map<?, ?>> secrets =
          maps(pod(workload).get("volumes")).stream().filter(v -> v.containsKey("secret")).toList();
      assertEquals(1, secrets.size());
      assertEquals(256, at(secrets.getFirst(), "secret").get("defaultMode"));
      assertEquals("exo-dl-cluster-key", at(secrets.getFirst(), "secret").get("secretName"));
    }
    // With the name of the file in it.
    assertTrue(
        Recipes.text("kubernetes.md")
            .contains("create secret generic exo-dl-cluster-key --from-file=cluster.key\n"));
  }

  @Test
  void everyVolumeIsThereAndUsed() throws Exception {
    for (Map<?, ?> workload : workloads()) {
      Set<Object> there =
          maps(pod(workload).get("volumes")).stream()
              .map(v -> v.get("name"))
              .collect(Collectors.toSet());
      Set<Object> used = new java.util.HashSet<>();
      for (Map<?, ?> container : containers(workload)) {
        maps(container.get("volumeMounts")).forEach(m -> used.add(m.get("name")));
      }
      assertEquals(there, used);
    }
  }

  /** A snapshot's path means the same where it was printed and where it is read. */
  @Test
  void theEngineSeesTheModelWhereExoDlPutIt() throws Exception {
    Set<Object> places = new TreeSet<>();
    Map<?, ?> vllm = of("Deployment").getFirst();
    for (Map<?, ?> container : containers(vllm)) {
      for (Map<?, ?> mount : maps(container.get("volumeMounts"))) {
        if ("models".equals(mount.get("name"))) {
          places.add(mount.get("mountPath"));
        }
      }
    }
    assertEquals(Set.of("/models"), places);
    Object host = maps(pod(vllm).get("volumes")).getFirst().get("hostPath");
    Object made = maps(pod(of("DaemonSet").getFirst()).get("volumes")).getFirst().get("hostPath");
    assertEquals(YamlFile.map(made).get("path"), YamlFile.map(host).get("path"));
    // What the page says to put in its place.
    List<String> other = Recipes.fenced(Recipes.text("kubernetes.md"), "yaml");
    Map<?, ?> volume =
        YamlFile.map(
            YamlFile.list(YamlFile.parse(other.getFirst()).documents().getFirst()).getFirst());
    assertEquals("models", volume.get("name"));
    assertTrue(at(volume, "emptyDir").containsKey("sizeLimit"));
  }
}
