package dev.exodl.cli.settings;

import dev.exodl.plan.swarm.Strategy;
import dev.exodl.store.Link;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Every setting, once. {@code max-rate} is {@code maxRate()} here, {@code EXO_DL_MAX_RATE} in the
 * environment and {@code max-rate:} in the config file. The variables of the hub's own clients are
 * those of huggingface_hub's {@code constants.py}. Options of the command line go before all of
 * them.
 */
@RegisterForReflection
@ConfigMapping(prefix = "exo-dl")
public interface Settings {
  @About(value = "Address of the hub or of a mirror.", also = "HF_ENDPOINT")
  @WithDefault("https://huggingface.co")
  URI endpoint();

  @About(
      value =
          "Token for private and gated repos. It is sent to the endpoint only, never along a redirect.",
      also = {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"},
      otherwise = "what the file at token-path holds",
      secret = true)
  Optional<String> token();

  @About(
      value = "File that holds the token, as 'hf auth login' writes it.",
      also = "HF_TOKEN_PATH",
      otherwise = "token in hf-home")
  Path tokenPath();

  @About(
      value =
          "Whether a token is sent that was not given for this program, that is one from HF_TOKEN or a file.",
      also = "!HF_HUB_DISABLE_IMPLICIT_TOKEN")
  @WithDefault("true")
  boolean implicitToken();

  @About(
      value = "Home of the files that the hub's clients share.",
      also = "HF_HOME",
      otherwise = "$XDG_CACHE_HOME/huggingface or ~/.cache/huggingface")
  Path hfHome();

  @About(
      value = "The Hugging Face cache, shared with all other clients of the hub.",
      also = {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"},
      otherwise = "hub in hf-home")
  Path cacheDir();

  @About(
      value =
          "Caches to look into, with colons between them; the first that can be written to receives, the"
              + " others are only read. DIR=ro is never written to. Goes before cache-dir.",
      otherwise = "none")
  Optional<String> cachePath();

  @About(
      value =
          "How a sync lays files down: hf (the cache), dir (plain files in --local-dir) or exo (where exo"
              + " looks for models).")
  @WithDefault("hf")
  Layout layout();

  @About(
      value = "Folders to look for content in before fetching any, with colons between them.",
      otherwise = "none")
  Optional<String> reuse();

  @About(
      "Whether content is taken from what other programs keep on this machine: other caches, exo, Ollama,"
          + " LM Studio, llama.cpp.")
  @WithDefault("true")
  boolean reuseKnown();

  @About(
      "How content that is on this machine comes to its place: auto, reflink, hard (links) or copy.")
  @WithDefault("auto")
  Link link();

  @About(
      value =
          "No network at all: only what is on this machine. In a cluster: no hub, only what the nodes have.",
      also = {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"})
  @WithDefault("false")
  boolean offline();

  @About(
      value = "Longest wait for an answer to a question about a repo or a file.",
      also = "HF_HUB_ETAG_TIMEOUT")
  @WithDefault("10s")
  Duration metadataTimeout();

  @About(
      value = "Longest silence of a connection that sends content, before another one takes over.",
      also = "HF_HUB_DOWNLOAD_TIMEOUT")
  @WithDefault("10s")
  Duration downloadTimeout();

  @About(
      value = "File or folder of certificates in PEM form, to trust in place of the built-in ones.",
      also = {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"},
      otherwise = "the built-in ones")
  Optional<Path> caFile();

  @About(
      "Most connections that fetch content at the same moment; fewer are used while fewer do as well.")
  @WithDefault("16")
  int maxConnections();

  @About("Most bytes a second from the hub, for example 50MB; 0 means no limit.")
  @WithDefault("0")
  Bytes maxRate();

  @About("What has to stay free on the disk; a sync that would leave less does not start.")
  @WithDefault("64MiB")
  Bytes minFreeSpace();

  @About(
      value =
          "How progress is shown: auto (bars on a terminal, else lines), bar, plain, json or none.",
      also = "!HF_HUB_DISABLE_PROGRESS_BARS")
  @WithDefault("auto")
  ProgressStyle progress();

  @About(value = "Whether colours are used on a terminal.", also = "!NO_COLOR")
  @WithDefault("true")
  boolean color();

  @About(
      value = "How much is told: quiet, normal, verbose or debug.",
      also = {"HF_DEBUG", "HF_HUB_VERBOSITY"})
  @WithDefault("normal")
  Verbosity verbosity();

  @About("Like verbosity: debug; shows the stack trace of an unexpected failure.")
  @WithDefault("false")
  boolean debug();

  @About(
      value =
          "Whether the cache may hold symbolic links. Without them files are moved into their snapshot.",
      also = "!HF_HUB_DISABLE_SYMLINKS")
  @WithDefault("true")
  boolean symlinks();

  @About(
      value =
          "Whether the user agent names the system and Java's version. Nothing else is ever reported.",
      also = {"!HF_HUB_DISABLE_TELEMETRY", "!DISABLE_TELEMETRY", "!DO_NOT_TRACK"})
  @WithDefault("true")
  boolean telemetry();

  @About(
      value = "Added to the user agent as origin/VALUE.",
      also = "HF_HUB_USER_AGENT_ORIGIN",
      otherwise = "nothing")
  Optional<String> userAgentOrigin();

  @About(
      value = "File with the cluster's key; without one anybody on the network can join.",
      otherwise = "none")
  Optional<Path> clusterKeyFile();

  @About(
      "Whether chunks are sent and taken by TLS only, with the cluster's key; then none come from nodes"
          + " that do not encrypt.")
  @WithDefault("false")
  boolean encrypt();

  @About(
      value = "Where this node listens for its cluster: ADDRESS or INTERFACE, with :PORT or not.",
      otherwise = "one of a physical interface")
  Optional<String> bind();

  @About(
      value = "Nodes to ask for the cluster, HOST[:PORT] with commas, in place of discovery.",
      otherwise = "none")
  Optional<String> peers();

  @About(
      value =
          "How nodes find each other: multicast, multicast:GROUP[:PORT], dns:NAME[:PORT] or file:FOLDER.",
      otherwise = "multicast")
  Optional<String> discovery();

  @About(
      value = "Label of where this node is; chunks come from nodes of the same zone first.",
      otherwise = "none")
  Optional<String> zone();

  @About(
      "Who fetches from the hub: swarm (each node a share), leader (the oldest that may ask) or"
          + " independent (each node all of it).")
  @WithDefault("swarm")
  Strategy strategy();

  @About(
      "Most bytes a second that this node sends to others, and as many that it takes; 0 means no limit.")
  @WithDefault("0")
  Bytes maxLanRate();

  @About(
      "Most bytes a second from the hub, of all nodes together; that of the coordinator counts, 0 means no limit.")
  @WithDefault("0")
  Bytes clusterMaxRate();

  @About("A sync with others begins when so many nodes are here, this one counted.")
  @WithDefault("1")
  int waitFor();

  @About("Longest wait for the nodes of wait-for; when fewer have come by then, the sync fails.")
  @WithName("wait")
  @WithDefault("30s")
  Duration waiting();

  @About(
      "How long a node that is done serves the others: a time after all have what they want, forever or never.")
  @WithDefault("3s")
  LingerTime linger();
}
