package dev.exodl.cli.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLookupTest {
  @TempDir Path home;

  private SettingsLookup.Lookup lookup(String... variables) {
    Map<String, String> environment = new HashMap<>(Map.of("HOME", home.toString()));
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return SettingsLookup.of(environment, "/nowhere");
  }

  private Path configFile(String text) throws IOException {
    Path file = home.resolve(".config/exo-dl/config.yaml");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Failure failure(String... variables) {
    return assertThrows(FailureException.class, () -> lookup(variables)).failure();
  }

  @Test
  void defaultsAreThese() {
    Map<String, String> all = new TreeMap<>();
    lookup().found().forEach(f -> all.put(f.setting().key(), f.shown()));
    Map<String, String> expected =
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("bind", "-"),
                Map.entry("ca-file", "-"),
                Map.entry("cache-dir", home + "/.cache/huggingface/hub"),
                Map.entry("cache-path", "-"),
                Map.entry("cluster-key-file", "-"),
                Map.entry("cluster-max-rate", "0"),
                Map.entry("color", "true"),
                Map.entry("debug", "false"),
                Map.entry("discovery", "-"),
                Map.entry("download-timeout", "PT10S"),
                Map.entry("encrypt", "false"),
                Map.entry("endpoint", "https://huggingface.co"),
                Map.entry("hf-home", home + "/.cache/huggingface"),
                Map.entry("implicit-token", "true"),
                Map.entry("layout", "hf"),
                Map.entry("linger", "3s"),
                Map.entry("link", "auto"),
                Map.entry("max-connections", "16"),
                Map.entry("max-lan-rate", "0"),
                Map.entry("max-rate", "0"),
                Map.entry("metadata-timeout", "PT10S"),
                Map.entry("min-free-space", "67108864"),
                Map.entry("offline", "false"),
                Map.entry("peers", "-"),
                Map.entry("progress", "auto"),
                Map.entry("reuse", "-"),
                Map.entry("reuse-known", "true"),
                Map.entry("strategy", "swarm"),
                Map.entry("symlinks", "true"),
                Map.entry("telemetry", "true"),
                Map.entry("token", "-"),
                Map.entry("token-path", home + "/.cache/huggingface/token"),
                Map.entry("user-agent-origin", "-"),
                Map.entry("verbosity", "normal"),
                Map.entry("wait", "PT30S"),
                Map.entry("wait-for", "1"),
                Map.entry("zone", "-")));
    assertEquals(expected, all);
    lookup().found().forEach(f -> assertEquals("default", f.origin(), f.setting().key()));
  }

  @ParameterizedTest
  @CsvSource({
    "EXO_DL_ENDPOINT, https://m.example/hf/, endpoint, https://m.example/hf",
    "EXO_DL_TOKEN, hf_abc, token, hf_abc",
    "EXO_DL_TOKEN_PATH, /t/k, token-path, /t/k",
    "EXO_DL_IMPLICIT_TOKEN, no, implicit-token, false",
    "EXO_DL_HF_HOME, /h, hf-home, /h",
    "EXO_DL_CACHE_DIR, /c/../d, cache-dir, /d",
    "EXO_DL_OFFLINE, 1, offline, true",
    "EXO_DL_METADATA_TIMEOUT, 2.5, metadata-timeout, PT2.5S",
    "EXO_DL_DOWNLOAD_TIMEOUT, 2m, download-timeout, PT2M",
    "EXO_DL_CA_FILE, /ca.pem, ca-file, /ca.pem",
    "EXO_DL_MAX_CONNECTIONS, 32, max-connections, 32",
    "EXO_DL_MAX_RATE, 50MB/s, max-rate, 50000000",
    "EXO_DL_MIN_FREE_SPACE, 1GiB, min-free-space, 1073741824",
    "EXO_DL_PROGRESS, JSON, progress, json",
    "EXO_DL_COLOR, off, color, false",
    "EXO_DL_VERBOSITY, quiet, verbosity, quiet",
    "EXO_DL_DEBUG, yes, debug, true",
    "EXO_DL_SYMLINKS, false, symlinks, false",
    "EXO_DL_TELEMETRY, false, telemetry, false",
    "EXO_DL_USER_AGENT_ORIGIN, lab, user-agent-origin, lab",
    "EXO_DL_CLUSTER_KEY_FILE, /k, cluster-key-file, /k",
    "EXO_DL_ENCRYPT, true, encrypt, true",
    "EXO_DL_BIND, eth0:7820, bind, eth0:7820",
    "EXO_DL_BIND, '[fe80::1]:7820', bind, '[fe80::1]:7820'",
    "EXO_DL_PEERS, 'a,10.0.0.2:7821, b.example', peers, 'a,10.0.0.2:7821, b.example'",
    "EXO_DL_DISCOVERY, dns:nodes.example:7820, discovery, dns:nodes.example:7820",
    "EXO_DL_DISCOVERY, file:/shared/../nodes, discovery, file:/nodes",
    "EXO_DL_DISCOVERY, file:$HOME_NOT_SET/n, discovery, file:HERE/$HOME_NOT_SET/n",
    "EXO_DL_ZONE, us-east-1a/rack:7, zone, us-east-1a/rack:7",
    "EXO_DL_STRATEGY, Leader, strategy, leader",
    "EXO_DL_MAX_LAN_RATE, 1GB/s, max-lan-rate, 1000000000",
    "EXO_DL_CLUSTER_MAX_RATE, 50MB, cluster-max-rate, 50000000",
    "EXO_DL_WAIT_FOR, 4, wait-for, 4",
    "EXO_DL_WAIT, 5m, wait, PT5M",
    "EXO_DL_LINGER, 90, linger, 90s",
    "EXO_DL_LINGER, 0, linger, 0s",
    "EXO_DL_LINGER, Forever, linger, forever",
    "EXO_DL_LINGER, never, linger, never",
    "HF_ENDPOINT, https://hf-mirror.example/, endpoint, https://hf-mirror.example",
    "HF_TOKEN, hf_abc, token, hf_abc",
    "HUGGING_FACE_HUB_TOKEN, hf_old, token, hf_old",
    "HF_TOKEN_PATH, /t/k, token-path, /t/k",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN, 1, implicit-token, false",
    "HF_HOME, /h, hf-home, /h",
    "HF_HOME, /h, cache-dir, /h/hub",
    "HF_HOME, /h, token-path, /h/token",
    "XDG_CACHE_HOME, /x, cache-dir, /x/huggingface/hub",
    "HF_HUB_CACHE, /c, cache-dir, /c",
    "HUGGINGFACE_HUB_CACHE, /c, cache-dir, /c",
    "HF_HUB_OFFLINE, ON, offline, true",
    "TRANSFORMERS_OFFLINE, true, offline, true",
    "HF_HUB_OFFLINE, maybe, offline, false",
    "HF_HUB_ETAG_TIMEOUT, 30, metadata-timeout, PT30S",
    "HF_HUB_DOWNLOAD_TIMEOUT, 60, download-timeout, PT1M",
    "HF_HUB_DISABLE_PROGRESS_BARS, 1, progress, none",
    "HF_HUB_DISABLE_PROGRESS_BARS, 0, progress, auto",
    "HF_HUB_DISABLE_SYMLINKS, 1, symlinks, false",
    "HF_HUB_DISABLE_TELEMETRY, 1, telemetry, false",
    "DISABLE_TELEMETRY, 1, telemetry, false",
    "DO_NOT_TRACK, 1, telemetry, false",
    "HF_HUB_USER_AGENT_ORIGIN, lab, user-agent-origin, lab",
    "HF_HUB_VERBOSITY, error, verbosity, quiet",
    "HF_HUB_VERBOSITY, info, verbosity, verbose",
    "HF_HUB_VERBOSITY, nonsense, verbosity, normal",
    "HF_DEBUG, 1, verbosity, debug",
    "NO_COLOR, 0, color, false",
    "SSL_CERT_FILE, /ca.pem, ca-file, /ca.pem",
    "REQUESTS_CA_BUNDLE, /ca.pem, ca-file, /ca.pem",
  })
  void variablesMeanThis(String variable, String text, String key, String expected) {
    String value = lookup(variable, text).get(key).value();
    assertEquals(expected.replace("HERE", Path.of("").toAbsolutePath().toString()), value);
  }

  @ParameterizedTest
  @CsvSource({
    "EXO_DL_BIND, eth0:x, 'it has to be ADDRESS, INTERFACE, or one of them with :PORT'",
    "EXO_DL_PEERS, 'a,,b', 'it has to be HOST or HOST:PORT, several with a comma between them'",
    "EXO_DL_PEERS, http://a/, 'it has to be HOST or HOST:PORT, several with a comma between them'",
    "EXO_DL_DISCOVERY, file:, 'it has to be multicast, multicast:GROUP[:PORT], dns:NAME[:PORT] or file:FOLDER'",
    "EXO_DL_DISCOVERY, multicast:10.0.0.1, 'it has to be multicast, multicast:GROUP[:PORT], dns:NAME[:PORT] or file:FOLDER'",
    "EXO_DL_ZONE, a b, 'it has to be 1 to 64 letters, digits, ''.'', ''_'', ''-'', '':'' or ''/'', the first one a letter or digit'",
    "EXO_DL_STRATEGY, chaos, 'it has to be one of swarm, leader, independent'",
    "EXO_DL_MAX_LAN_RATE, fast, 'a size is a number such as 500, 64MiB, 1.5GB'",
    "EXO_DL_WAIT_FOR, 0, it has to be a number from 1 to 1024",
    "EXO_DL_WAIT, 0, a time is more than 0 and at most 24h",
    "EXO_DL_LINGER, long, 'it has to be forever, never, or a time such as 3s'",
    "EXO_DL_LINGER, 25h, 'it has to be forever, never, or a time such as 3s'",
  })
  void badValuesOfTheClusterAreOneLine(String variable, String text, String phrase) {
    String key = variable.substring(7).toLowerCase(Locale.ROOT).replace('_', '-');
    assertEquals(
        "bad value '"
            + text
            + "' for "
            + key
            + ": "
            + phrase
            + " ("
            + variable
            + "); change or remove it",
        failure(variable, text).line());
  }

  @Test
  void ownVariablesGoBeforeTheHubsAndThoseBeforeTheFile() throws IOException {
    Path file = configFile("# mine\nmax-connections: 4\nendpoint: https://file.example\n");
    Found fromFile = lookup().get("endpoint");
    assertEquals("https://file.example", fromFile.value());
    assertEquals(file + ":3", fromFile.origin());
    Found fromHub = lookup("HF_ENDPOINT", "https://hf.example").get("endpoint");
    assertEquals("https://hf.example HF_ENDPOINT", fromHub.value() + " " + fromHub.origin());
    Found own =
        lookup("HF_ENDPOINT", "https://hf.example", "EXO_DL_ENDPOINT", "https://own.example")
            .get("endpoint");
    assertEquals("https://own.example EXO_DL_ENDPOINT", own.value() + " " + own.origin());
    assertEquals("4", lookup().get("max-connections").value());
  }

  @Test
  void anEmptyVariableIsUnset() {
    assertEquals(
        "default", lookup("HF_ENDPOINT", "", "EXO_DL_ENDPOINT", " ").get("endpoint").origin());
  }

  @Test
  void homeAndVariablesInPathsAreExpanded() {
    assertEquals(home + "/m", lookup("HF_HUB_CACHE", "~/m").get("cache-dir").value());
    assertEquals(
        "/big/me/$NOPE",
        lookup("HF_HUB_CACHE", "${D}/me/$NOPE", "D", "/big").get("cache-dir").value());
  }

  @Test
  void theTokenFileIsReadWithoutItsLineBreaks() throws IOException {
    Path file =
        Files.writeString(
            Files.createDirectories(home.resolve(".cache/huggingface")).resolve("token"),
            " hf_file\r\n");
    assertEquals("hf_file", lookup().get("token").value());
    assertEquals(file.toString(), lookup().get("token").origin());
    assertEquals("hf_env", lookup("HF_TOKEN", "hf_env\n").get("token").value());
  }

  @Test
  void anImplicitTokenIsNotSentWhenThatIsOff() throws IOException {
    Files.writeString(
        Files.createDirectories(home.resolve(".cache/huggingface")).resolve("token"), "hf_file");
    assertEquals(
        null,
        lookup("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1", "HF_TOKEN", "hf_x").get("token").value());
    assertEquals(
        "hf_mine",
        lookup("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1", "EXO_DL_TOKEN", "hf_mine")
            .get("token")
            .value());
  }

  @Test
  void anUnreadableTokenFileIsAWarning() throws IOException {
    Files.createDirectories(home.resolve(".cache/huggingface/token"));
    assertEquals(null, lookup().get("token").value());
    assertEquals(1, lookup().warnings().size());
  }

  @Test
  void secretsAreMasked() {
    assertEquals(
        "hf_***yz", lookup("HF_TOKEN", "hf_abcdefghijklmnopqrstuvwxyz").get("token").shown());
    assertEquals("***", lookup("HF_TOKEN", "hf_short").get("token").shown());
    Failure bad = failure("HF_TOKEN", "hf_sec ret");
    assertFalse(bad.line().contains("ret"), bad.line());
    assertEquals("HF_TOKEN", bad.where());
  }

  @Test
  void badValuesNameTheirVariable() {
    assertEquals(
        "bad value 'lots' for max-connections: it has to be a number from 1 to 1024"
            + " (EXO_DL_MAX_CONNECTIONS); change or remove it",
        failure("EXO_DL_MAX_CONNECTIONS", "lots").line());
    assertEquals("HF_ENDPOINT", failure("HF_ENDPOINT", "huggingface.co").where());
    assertEquals("HF_HUB_ETAG_TIMEOUT", failure("HF_HUB_ETAG_TIMEOUT", "soon").where());
    assertTrue(failure("EXO_DL_OFFLINE", "perhaps") instanceof Failure.Usage);
  }

  @Test
  void badConfigFilesNameTheirLine() throws IOException {
    Path file = configFile("max-rate: 5MB\nmax-conections: 3\n");
    assertEquals(
        "unknown setting 'max-conections' (" + file + ":2); did you mean 'max-connections'?",
        failure().line());
    configFile("offline: true\noffline: false\n");
    assertEquals(
        "'offline' stands there twice (" + file + ":2); remove one of them", failure().line());
    configFile("endpoint: [a, b]\n");
    assertEquals(
        "'endpoint' has to be one value (" + file + ":1); write 'key: value'", failure().line());
    configFile("a: b: c\n");
    assertTrue(failure().line().startsWith("the config file is not YAML"), failure().line());
    configFile("just text\n");
    assertTrue(failure().line().startsWith("the config file holds no settings"), failure().line());
    configFile("max-rate: fast\n");
    assertEquals(file + ":1", failure().where());
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 'a'});
    assertTrue(failure().line().startsWith("the config file is not UTF-8"), failure().line());
  }

  @Test
  void aNamedConfigFileHasToBeThere() {
    assertEquals(
        "EXO_DL_CONFIG_FILE=/no/such.yaml", failure("EXO_DL_CONFIG_FILE", "/no/such.yaml").where());
  }

  @Test
  void anEmptyConfigFileIsFine() throws IOException {
    configFile("# nothing\n");
    assertTrue(lookup().configFilePresent());
  }

  @Test
  void unknownVariablesOfOursAreWarnedOf() {
    assertEquals(
        "unknown variable EXO_DL_MAXRATE, did you mean EXO_DL_MAX_RATE?",
        lookup("EXO_DL_MAXRATE", "1").warnings().getFirst());
  }

  @Test
  void nothingReachesTheFrameworkAtBuildTime() {
    assertTrue(new FoundSettings().getPropertyNames().isEmpty());
  }
}
