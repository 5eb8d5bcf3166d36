package dev.exodl.weights;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.weights.Position.Shared;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A model's weight files and how many layers it has.
 *
 * @param files with the tensors that count: no tensor is in two of them
 * @param layers at least one
 */
public record ModelWeights(List<WeightFile> files, int layers) {
  public ModelWeights {
    files = List.copyOf(files);
  }

  /**
   * Puts together what headers, index and config tell.
   *
   * @param index empty for a model of one file, and of GGUF; files are beside it, in {@code folder}
   * @param folder where the index is: empty or ending in {@code /}
   * @param told how many layers there are, by the config; else as many as the names count
   * @throws FailureException integrity failure when they contradict each other; not-found failure
   *     when no tensor is in a layer
   */
  public static ModelWeights of(
      List<WeightFile> files, Map<String, String> index, String folder, OptionalInt told) {
    Map<String, String> holders = new HashMap<>();
    List<WeightFile> counted = new ArrayList<>();
    for (WeightFile file : files) {
      List<Tensor> tensors = new ArrayList<>();
      for (Tensor tensor : file.header().tensors()) {
        // What the index has elsewhere no reader takes from here.
        String at = index.get(tensor.name());
        if (!index.isEmpty() && !(folder + at).equals(file.path())) {
          continue;
        }
        String other = holders.putIfAbsent(tensor.name(), file.path());
        if (other != null) {
          throw Refusal.wrong(
              file.path(),
              Refusal.named(tensor.name())
                  + (other.equals(file.path())
                      ? " is in it twice"
                      : " is also in " + Printable.of(other)));
        }
        tensors.add(tensor);
      }
      Header.checkCount(file.path(), holders.size());
      Header header = file.header();
      counted.add(
          new WeightFile(
              file.path(),
              file.size(),
              new Header(header.dataStart(), header.metadata(), tensors)));
    }
    index.forEach(
        (tensor, file) -> {
          if (!holders.containsKey(tensor)) {
            throw Refusal.wrong(
                folder + file, Refusal.named(tensor) + " is not in it, though the index says so");
          }
        });
    int highest =
        holders.keySet().stream()
            .map(Position::of)
            .mapToInt(p -> p instanceof Position.Layer layer ? layer.number() : -1)
            .max()
            .orElse(-1);
    if (highest < 0) {
      // Not the repo's fault: models of images have none, and others call them otherwise.
      throw new FailureException(
          new Failure.NotFound(
              "no name of a tensor tells a layer, so there is nothing to share out by layers",
              files.isEmpty() ? "the weights" : Printable.of(files.getFirst().path()),
              "leave out --layers, --shard or --split"));
    }
    return new ModelWeights(counted, told.orElse(highest + 1));
  }

  /** The tensor's position; what comes after the last layer counts as the head's. */
  public Position position(Tensor tensor) {
    return switch (Position.of(tensor.name())) {
      case Position.Layer layer when layer.number() >= layers -> Shared.HEAD;
      case Position position -> position;
    };
  }

  /**
   * The tensors that a node needs which works on these layers: theirs; the embeddings and what has
   * no other place with the first layer; norm and head with the last, and the embeddings too when
   * the model has no head of its own (it is tied to them); and what is named.
   *
   * @param withShared all that has no layer
   */
  public Needed needed(Layers wanted, boolean withShared) {
    Set<Shared> shared = withShared ? EnumSet.allOf(Shared.class) : shared(wanted);
    Map<WeightFile, List<Tensor>> tensors = new LinkedHashMap<>();
    for (WeightFile file : files) {
      List<Tensor> here =
          file.header().tensors().stream()
              .filter(
                  t ->
                      switch (position(t)) {
                        case Position.Layer layer -> wanted.contains(layer.number());
                        case Shared one -> shared.contains(one);
                      })
              .toList();
      if (!here.isEmpty()) {
        tensors.put(file, here);
      }
    }
    return new Needed(tensors);
  }

  /** What of that which has no layer goes with these layers. */
  public Set<Shared> shared(Layers wanted) {
    Set<Shared> shared = EnumSet.noneOf(Shared.class);
    shared.addAll(wanted.named());
    if (wanted.contains(0)) {
      shared.add(Shared.EMBED);
      shared.add(Shared.OTHER);
    }
    if (wanted.contains(layers - 1)) {
      shared.add(Shared.NORM);
      shared.add(Shared.HEAD);
    }
    if (shared.contains(Shared.HEAD) && isTied()) {
      shared.add(Shared.EMBED);
    }
    return shared;
  }

  private boolean isTied() {
    return tensors().noneMatch(t -> Position.of(t.name()) == Shared.HEAD);
  }

  /** Bytes of each layer, with what goes with the first and the last. */
  public List<Long> layerBytes() {
    long[] bytes = new long[layers];
    boolean twice = layers > 1 && isTied();
    tensors()
        .forEach(
            t -> {
              int at =
                  switch (position(t)) {
                    case Position.Layer layer -> layer.number();
                    case Shared shared ->
                        switch (shared) {
                          case EMBED, OTHER -> 0;
                          case NORM, HEAD -> layers - 1;
                        };
                  };
              bytes[at] += t.bytes();
              if (twice && position(t) == Shared.EMBED) {
                bytes[layers - 1] += t.bytes();
              }
            });
    List<Long> all = new ArrayList<>();
    for (long each : bytes) {
      all.add(each);
    }
    return all;
  }

  /** Of all tensors. */
  public long bytes() {
    return tensors().mapToLong(Tensor::bytes).sum();
  }

  private Stream<Tensor> tensors() {
    return files.stream().flatMap(f -> f.header().tensors().stream());
  }
}
