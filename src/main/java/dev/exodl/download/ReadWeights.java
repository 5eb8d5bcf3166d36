package dev.exodl.download;

import dev.exodl.hub.ListedFile;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.verify.BlobDigest;
import dev.exodl.weights.Gguf;
import dev.exodl.weights.Header;
import dev.exodl.weights.ModelConfig;
import dev.exodl.weights.ModelWeights;
import dev.exodl.weights.Safetensors;
import dev.exodl.weights.Tensor;
import dev.exodl.weights.WeightFile;
import dev.exodl.weights.WeightIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what is in a model's weight files, from the config, the index and the beginning of each
 * of them: some hundred kilobytes, whatever the model's size.
 */
final class ReadWeights {
  /** What other readers of headers ask for at first, too; most headers are shorter. */
  static final int FIRST_BYTES = 100_000;

  private static final int LARGEST_JSON = 64 << 20;
  private static final int AT_ONCE = 8;

  /** Of all files together, what headers may have after the first bytes. */
  private static final long MOST_BEYOND_FIRST = 200_000_000;

  /** Of a safetensors header: about what it says of a tensor besides the name, and of itself. */
  private static final int ABOUT_TENSOR = 100;

  private static final int ABOUT_ITSELF = 512;

  /** Where no more than needed is to be fetched, this much more of a GGUF file at least. */
  private static final int SPARING_STEP = 512 << 10;

  private final Repo repo;
  private final FileBytes bytes;
  private final long mostBeyondFirst;
  private final boolean sparing;
  private final AtomicLong beyondFirst = new AtomicLong();

  ReadWeights(Repo repo, FileBytes bytes) {
    this(repo, bytes, MOST_BEYOND_FIRST, false);
  }

  /** With another limit to what headers may have after the first bytes. */
  ReadWeights(Repo repo, FileBytes bytes, long mostBeyondFirst) {
    this(repo, bytes, mostBeyondFirst, false);
  }

  private ReadWeights(Repo repo, FileBytes bytes, long mostBeyondFirst, boolean sparing) {
    this.repo = repo;
    this.bytes = bytes;
    this.mostBeyondFirst = mostBeyondFirst;
    this.sparing = sparing;
  }

  /** One that would rather ask once more than read much that is no header. */
  static ReadWeights sparing(Repo repo, FileBytes bytes) {
    return new ReadWeights(repo, bytes, MOST_BEYOND_FIRST, true);
  }

  /**
   * What is told without headers.
   *
   * @param files that count, in order
   * @param layers by the config
   */
  private record Told(
      WeightSet set, List<RepoFile> files, Optional<WeightIndex> index, OptionalInt layers) {
    ModelWeights model(List<WeightFile> read) {
      if (set.format() == WeightSet.Format.SAFETENSORS && index.isEmpty() && share(read)) {
        throw WeightSet.unclear(set.repo(), read.size());
      }
      return ModelWeights.of(
          read, index.map(WeightIndex::files).orElse(Map.of()), set.folder(), layers);
    }

    /** Whether a tensor is in two of the files: as variants of one model have it. */
    private static boolean share(List<WeightFile> files) {
      Map<String, String> holders = new HashMap<>();
      for (WeightFile file : files) {
        for (Tensor tensor : file.header().tensors()) {
          String other = holders.putIfAbsent(tensor.name(), file.path());
          if (other != null && !other.equals(file.path())) {
            return true;
          }
        }
      }
      return false;
    }

    /** With the names that the index has of its tensors, and nothing else. */
    WeightFile byName(RepoFile file) {
      List<Tensor> tensors = new ArrayList<>();
      index
          .orElseThrow()
          .files()
          .forEach(
              (name, in) -> {
                if (file.path().value().equals(set.folder() + in)) {
                  tensors.add(new Tensor(name, "", List.of(), new ByteRange(0, 0)));
                }
              });
      return new WeightFile(file.path().value(), file.size(), new Header(0, Map.of(), tensors));
    }
  }

  /**
   * Reads all of them.
   *
   * @param listed all files of the commit
   * @param chosen of them
   * @throws FailureException when there is no such model, or its files are not what they have to be
   */
  ModelWeights all(List<ListedFile> listed, List<RepoFile> chosen) throws InterruptedException {
    Told told = told(listed, chosen);
    return told.model(headers(told.set().format(), told.files(), Map.of()));
  }

  /**
   * Reads what is wanted. Where there is an index, headers of files that hold nothing of it are not
   * read, and their tensors have no bytes in the answer's model: so who has those layers needs no
   * hub.
   *
   * @throws FailureException as {@link #all}, and when the model does not have these layers
   */
  ShardChoice wanted(List<ListedFile> listed, List<RepoFile> chosen, ShardRequest wanted)
      throws InterruptedException {
    Told told = told(listed, chosen);
    if (told.index().isEmpty() || wanted.needsSizes()) {
      return wanted.of(told.model(headers(told.set().format(), told.files(), Map.of())));
    }
    Map<String, WeightFile> known = new LinkedHashMap<>();
    told.files().forEach(f -> known.put(f.path().value(), told.byName(f)));
    Set<String> needed = new HashSet<>();
    wanted
        .of(told.model(List.copyOf(known.values())))
        .needed()
        .files()
        .forEach(f -> needed.add(f.path()));
    List<RepoFile> toRead =
        told.files().stream().filter(f -> needed.contains(f.path().value())).toList();
    headers(told.set().format(), toRead, sparing ? known : Map.of())
        .forEach(f -> known.put(f.path(), f));
    return wanted.of(told.model(List.copyOf(known.values())));
  }

  private Told told(List<ListedFile> listed, List<RepoFile> chosen) {
    WeightSet set = WeightSet.of(repo, listed, chosen);
    OptionalInt layers = OptionalInt.empty();
    if (set.config().isPresent()) {
      RepoFile config = set.config().get();
      layers = ModelConfig.layers(config.path().value(), whole(config));
    }
    if (set.index().isEmpty()) {
      return new Told(set, set.weights(), Optional.empty(), layers);
    }
    RepoFile file = set.index().get();
    WeightIndex index = WeightIndex.read(file.path().value(), whole(file));
    return new Told(set, named(set, file, index), Optional.of(index), layers);
  }

  /** The files that the index names, in its order of names. */
  private List<RepoFile> named(WeightSet set, RepoFile index, WeightIndex names) {
    List<RepoFile> files = new ArrayList<>();
    for (String name : names.names().stream().sorted().toList()) {
      files.add(
          set.weights().stream()
              .filter(f -> f.path().value().equals(set.folder() + name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new FailureException(
                          new Failure.NotFound(
                              "no weight file '" + Printable.of(name) + "', which the index names",
                              index.path().value(),
                              "take it in with --include, or report it to the repo's owner"))));
    }
    return files;
  }

  private byte[] whole(RepoFile file) {
    if (file.size() > LARGEST_JSON) {
      throw new FailureException(
          new Failure.Integrity(
              "it has " + Bytes.text(file.size()) + ", over " + Bytes.text(LARGEST_JSON),
              file.path().value(),
              "nothing of it was used; report it to the repo's owner"));
    }
    byte[] text = bytes.read(file, 0, (int) file.size());
    BlobDigest digest = BlobDigest.of(file.blob(), file.size());
    digest.update(text, 0, text.length);
    if (!digest.matches()) {
      throw new FailureException(
          new Failure.Integrity(
              "its content is not what the hub lists",
              file.path().value(),
              "nothing of it was used; try again"));
    }
    return text;
  }

  /**
   * {@code named}: files whose tensors' names are known, so that their header's length can be
   * guessed.
   */
  private List<WeightFile> headers(
      WeightSet.Format format, List<RepoFile> files, Map<String, WeightFile> named)
      throws InterruptedException {
    List<WeightFile> read = new ArrayList<>();
    try (ExecutorService readers =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("header-", 0).factory())) {
      List<Future<Header>> headers =
          files.stream()
              .map(
                  f ->
                      readers.submit(
                          () ->
                              switch (format) {
                                case SAFETENSORS ->
                                    safetensors(f, guessed(named.get(f.path().value())));
                                case GGUF -> gguf(f);
                              }))
              .toList();
      try {
        for (int i = 0; i < files.size(); i++) {
          RepoFile file = files.get(i);
          read.add(new WeightFile(file.path().value(), file.size(), headers.get(i).get()));
        }
      } catch (ExecutionException e) {
        readers.shutdownNow();
        switch (e.getCause()) {
          case FailureException known -> throw known;
          case CancellationException stopped -> throw stopped;
          case null, default -> throw new IllegalStateException(e);
        }
      }
    }
    return read;
  }

  private static int guessed(@Nullable WeightFile known) {
    if (known == null) {
      return FIRST_BYTES;
    }
    int guess = ABOUT_ITSELF;
    for (Tensor tensor : known.header().tensors()) {
      guess += tensor.name().length() + ABOUT_TENSOR;
      if (guess >= FIRST_BYTES) {
        return FIRST_BYTES;
      }
    }
    return guess;
  }

  private Header safetensors(RepoFile file, int firstBytes) {
    String name = file.path().value();
    byte[] first = first(file, firstBytes);
    int all = Safetensors.headerBytes(name, first, file.size());
    count(file, all - first.length);
    return Safetensors.read(name, grown(file, first, all), file.size());
  }

  private Header gguf(RepoFile file) {
    String name = file.path().value();
    byte[] beginning = first(file, FIRST_BYTES);
    Optional<Header> header = Gguf.read(name, beginning, file.size());
    while (header.isEmpty()) {
      long most = Math.min(file.size(), Gguf.LONGEST_HEADER);
      int longer =
          (int)
              Math.min(
                  most,
                  sparing
                      ? beginning.length + Math.max(SPARING_STEP, beginning.length / 4)
                      : beginning.length * 8L);
      count(file, longer - beginning.length);
      beginning = grown(file, beginning, longer);
      header = Gguf.read(name, beginning, file.size());
    }
    return header.get();
  }

  /** Refuses more than fits into the memory, before it is there. */
  private void count(RepoFile file, long more) {
    if (more > 0 && beyondFirst.addAndGet(more) > mostBeyondFirst) {
      throw new FailureException(
          new Failure.Integrity(
              "the headers of the weight files are over " + Bytes.text(mostBeyondFirst),
              file.path().value(),
              "nothing of it was used; report it to the repo's owner"));
    }
  }

  private byte[] first(RepoFile file, int length) {
    return bytes.read(file, 0, (int) Math.min(length, file.size()));
  }

  /** What is known of the beginning, and what it lacks to this length. */
  private byte[] grown(RepoFile file, byte[] known, int length) {
    if (known.length >= length) {
      return known;
    }
    byte[] more = bytes.read(file, known.length, length - known.length);
    byte[] all = Arrays.copyOf(known, length);
    System.arraycopy(more, 0, all, known.length, more.length);
    return all;
  }
}
