package dev.exodl.download;

import dev.exodl.hub.ListedFile;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The weight files that make one model, of those that were chosen.
 *
 * @param folder where they are: empty or ending in {@code /}
 * @param index which of them holds which tensor; of safetensors in several files, mostly
 * @param config which tells how many layers there are, if there is one
 * @param weights all of that format in that folder; the index says which of them count
 */
record WeightSet(
    Repo repo,
    Format format,
    String folder,
    Optional<RepoFile> index,
    Optional<RepoFile> config,
    List<RepoFile> weights) {
  private static final String INDEX = "model.safetensors.index.json";

  private static final Pattern PART =
      Pattern.compile("(.+)-[0-9]{5}-of-([0-9]{5})\\.(?:gguf|safetensors)");

  /** Other formats' weights too: whoever wants some layers does not want these. */
  private static final Set<String> ENDINGS =
      Set.of(
          "safetensors",
          "gguf",
          "bin",
          "pt",
          "pth",
          "ckpt",
          "h5",
          "msgpack",
          "onnx",
          "onnx_data",
          "ot",
          "tflite",
          "npz",
          "zip",
          "tar",
          "gz");

  enum Format {
    SAFETENSORS,
    GGUF
  }

  /** Whether the file is of weights, of whatever format. */
  static boolean isWeights(RepoFile file) {
    String path = file.path().value().toLowerCase(Locale.ROOT);
    return ENDINGS.contains(path.substring(path.lastIndexOf('.') + 1));
  }

  /**
   * Finds them.
   *
   * @param listed all of the commit: index and config count though no pattern chose them
   * @throws FailureException not-found failure when there are none, or parts are missing; usage
   *     failure when there is more than one model
   */
  static WeightSet of(Repo repo, List<ListedFile> listed, List<RepoFile> chosen) {
    List<RepoFile> tensors = ending(chosen, ".safetensors");
    if (!tensors.isEmpty()) {
      String folder = folder(tensors);
      List<RepoFile> here = tensors.stream().filter(f -> folder(f).equals(folder)).toList();
      Optional<RepoFile> index = file(listed, folder + INDEX);
      if (index.isEmpty()) {
        here = unindexed(repo, folder, here);
      }
      return new WeightSet(
          repo, Format.SAFETENSORS, folder, index, file(listed, folder + "config.json"), here);
    }
    List<RepoFile> gguf = ending(chosen, ".gguf");
    if (gguf.isEmpty()) {
      throw new FailureException(
          new Failure.NotFound(
              "no .safetensors or .gguf file, so there is nothing to share out by layers",
              repo.toString(),
              "leave out --layers, --shard or --split"));
    }
    return new WeightSet(
        repo,
        Format.GGUF,
        folder(gguf.getFirst()),
        Optional.empty(),
        Optional.empty(),
        one(repo, gguf));
  }

  /**
   * Those of the files that are the model when no index says it: {@code model.safetensors}, else
   * the parts of one set, else all. Others may lie beside the first two.
   */
  private static List<RepoFile> unindexed(Repo repo, String folder, List<RepoFile> here) {
    List<RepoFile> model =
        here.stream().filter(f -> f.path().value().equals(folder + "model.safetensors")).toList();
    if (!model.isEmpty()) {
      return model;
    }
    Map<String, List<RepoFile>> sets =
        here.stream()
            .filter(f -> PART.matcher(f.path().value()).matches())
            .collect(Collectors.groupingBy(WeightSet::model, TreeMap::new, Collectors.toList()));
    if (sets.isEmpty()) {
      return here;
    }
    if (sets.size() > 1) {
      throw unclear(repo, here.size());
    }
    List<RepoFile> parts = sets.values().iterator().next();
    int of = parts(parts.getFirst());
    if (of != parts.size()) {
      throw new FailureException(
          new Failure.NotFound(
              "a model of " + of + " parts, of which " + parts.size() + " are chosen",
              repo.toString(),
              "take in all of them with --include"));
    }
    return parts;
  }

  /** The failure for files that nothing puts together. */
  static FailureException unclear(Repo repo, int files) {
    return new FailureException(
        new Failure.NotFound(
            files
                + " .safetensors files that are not parts of one model, and no "
                + INDEX
                + " that says which tensor is where",
            repo.toString(),
            "name one of the files with --include, or leave out --layers, --shard or --split"));
  }

  /** All parts of one GGUF model. */
  private static List<RepoFile> one(Repo repo, List<RepoFile> gguf) {
    List<String> models = gguf.stream().map(WeightSet::model).distinct().toList();
    if (models.size() > 1) {
      throw new FailureException(
          new Failure.Usage(
              "there are " + models.size() + " GGUF models",
              repo.toString(),
              "choose one of them, for example with --include '"
                  + Printable.of(models.getFirst())
                  + "*'"));
    }
    int parts = parts(gguf.getFirst());
    if (parts != gguf.size()) {
      throw new FailureException(
          new Failure.NotFound(
              "a GGUF model of " + parts + " parts, of which " + gguf.size() + " are chosen",
              repo.toString(),
              "take in all of them with --include"));
    }
    return gguf;
  }

  /** Of how many parts the file is one. */
  private static int parts(RepoFile file) {
    Matcher part = PART.matcher(file.path().value());
    return part.matches() ? Integer.parseInt(part.group(2)) : 1;
  }

  private static String model(RepoFile file) {
    String path = file.path().value();
    Matcher part = PART.matcher(path);
    return part.matches()
        ? part.group(1) + "-of-" + part.group(2)
        : path.replaceFirst("\\.gguf$", "");
  }

  /** The outermost one: below it others' formats and parts of pipelines lie. */
  private static String folder(List<RepoFile> files) {
    return files.stream()
        .map(WeightSet::folder)
        .min(
            java.util.Comparator.comparingLong(
                    (String f) -> f.chars().filter(c -> c == '/').count())
                .thenComparing(java.util.Comparator.naturalOrder()))
        .orElseThrow();
  }

  private static String folder(RepoFile file) {
    String path = file.path().value();
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  private static List<RepoFile> ending(List<RepoFile> files, String ending) {
    return files.stream().filter(f -> f.path().value().endsWith(ending)).toList();
  }

  private static Optional<RepoFile> file(List<ListedFile> listed, String path) {
    return listed.stream().filter(f -> f.path().equals(path)).findFirst().map(ListedFile::checked);
  }
}
