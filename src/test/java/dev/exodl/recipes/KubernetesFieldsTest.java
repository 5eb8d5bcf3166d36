package dev.exodl.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every field of the Kubernetes files is one that Kubernetes has, with a value of its type: by the
 * classes that fabric8 makes of Kubernetes' own API definition.
 */
class KubernetesFieldsTest {
  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "v1 Namespace", Namespace.class,
          "v1 Service", Service.class,
          "apps/v1 DaemonSet", DaemonSet.class,
          "apps/v1 Deployment", Deployment.class);

  private final ObjectMapper mapper = new ObjectMapper();
  private int fields;

  @Test
  void kubernetesHasEveryField() throws Exception {
    int objects = 0;
    for (String name : List.of("kubernetes/exo-dl.yaml", "kubernetes/vllm.yaml")) {
      for (Object document : YamlFile.parse(Recipes.text(name)).documents()) {
        assertEquals(List.of(), wrong(document));
        objects++;
      }
    }
    assertEquals(5, objects);
    assertTrue(fields > 200, "fields: " + fields);
    for (String block : Recipes.fenced(Recipes.text("kubernetes.md"), "yaml")) {
      JsonNode volumes = mapper.valueToTree(YamlFile.parse(block).documents().getFirst());
      List<String> wrong = new ArrayList<>();
      look(volumes.get(0), mapper.constructType(Volume.class), "volume", wrong);
      assertEquals(List.of(), wrong);
    }
  }

  @Test
  void whatItDoesNotHaveIsSeen() throws Exception {
    String text = Recipes.text("kubernetes/exo-dl.yaml").replace("\r", "");
    assertEquals(
        List.of("Service.spec: unknown field publishNotReadyAddress"),
        inDocument(text.replace("publishNotReadyAddresses", "publishNotReadyAddress"), 1));
    assertEquals(
        List.of("DaemonSet.spec.template.spec.containers.volumeMounts: unknown field mountpath"),
        inDocument(text.replace("mountPath: /tmp", "mountpath: /tmp"), 2));
    String type = inDocument(text.replace("runAsUser: 0\n", "runAsUser: root\n"), 2).toString();
    assertTrue(type.contains("runAsUser"), type);
  }

  private List<String> inDocument(String text, int number) {
    return wrong(YamlFile.parse(text).documents().get(number));
  }

  private List<String> wrong(Object document) {
    JsonNode node = mapper.valueToTree(document);
    Class<?> type = KINDS.get(node.path("apiVersion").asText() + " " + node.path("kind").asText());
    assertTrue(type != null, () -> "no kind of these recipes: " + node);
    List<String> wrong = new ArrayList<>();
    look(node, mapper.constructType(type), node.path("kind").asText(), wrong);
    try {
      mapper.treeToValue(node, type);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      wrong.add(e.getMessage());
    }
    return wrong;
  }

  private void look(JsonNode node, JavaType type, String at, List<String> wrong) {
    if (type.isCollectionLikeType()) {
      if (!node.isArray()) {
        wrong.add(at + ": no list");
      }
      node.forEach(item -> look(item, type.getContentType(), at, wrong));
    } else if (node.isObject() && !type.isMapLikeType() && !isWrittenOtherwise(type)) {
      Map<String, JavaType> known = new TreeMap<>();
      for (BeanPropertyDefinition property :
          mapper.getDeserializationConfig().introspect(type).findProperties()) {
        known.put(property.getName(), property.getPrimaryType());
      }
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        JavaType of = known.get(field.getKey());
        fields++;
        if (of == null) {
          wrong.add(at + ": unknown field " + field.getKey());
        } else {
          look(field.getValue(), of, at + "." + field.getKey(), wrong);
        }
      }
    }
  }

  /** Types that are text in YAML: quantities, and numbers that may be names. */
  private static boolean isWrittenOtherwise(JavaType type) {
    JsonDeserialize how = type.getRawClass().getAnnotation(JsonDeserialize.class);
    return how != null
        && !how.using().equals(com.fasterxml.jackson.databind.JsonDeserializer.None.class);
  }
}
