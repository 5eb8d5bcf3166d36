package dev.exodl.download;

import dev.exodl.hub.ListedFile;
import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.swarm.NeededFirst;
import dev.exodl.weights.WeightFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files that a node needs for its layers.
 *
 * @param files of those that were chosen: the weight files with a needed tensor or with none at
 *     all, and all that are no weights
 */
record ShardFiles(ShardChoice choice, List<RepoFile> files) {
  /**
   * What of the model comes before the rest: the needed tensors and the headers before them, with
   * the files that are no weights; then all of the weight files that they are in.
   */
  NeededFirst first() {
    Map<String, List<ByteRange>> tensors = new HashMap<>();
    choice
        .needed()
        .tensors()
        .forEach(
            (file, needed) -> {
              List<ByteRange> ranges = new ArrayList<>();
              ranges.add(new ByteRange(0, file.header().dataStart()));
              needed.forEach(t -> ranges.add(t.at()));
              tensors.put(file.path(), ranges);
            });
    Map<BlobId, List<ByteRange>> parts = new HashMap<>();
    Map<BlobId, List<ByteRange>> whole = new HashMap<>();
    for (RepoFile file : files) {
      List<ByteRange> all = List.of(new ByteRange(0, file.size()));
      whole.put(file.blob(), all);
      parts
          .computeIfAbsent(file.blob(), b -> new ArrayList<>())
          .addAll(tensors.getOrDefault(file.path().value(), all));
    }
    return new NeededFirst(List.of(parts, whole));
  }

  /**
   * Finds them.
   *
   * @throws FailureException when the model does not have these layers, or cannot be shared out
   */
  static ShardFiles of(
      SyncRequest request,
      ShardRequest wanted,
      List<ListedFile> listed,
      List<RepoFile> chosen,
      FileBytes bytes)
      throws InterruptedException {
    ReadWeights read =
        wanted.form() == ShardForm.FILES
            ? new ReadWeights(request.repo(), bytes)
            : ReadWeights.sparing(request.repo(), bytes);
    ShardChoice choice = read.wanted(listed, chosen, wanted);
    if (choice.needed().count() == 0) {
      throw new FailureException(
          new Failure.Usage(
              "the model has no tensors in layers " + choice.layers(),
              request.repo().toString(),
              "ask for layers that it has"));
    }
    Set<String> needed = new HashSet<>();
    for (WeightFile file : choice.needed().files()) {
      needed.add(file.path());
    }
    // The first part of a GGUF model may have no tensors but all that is said of the model.
    for (WeightFile file : choice.model().files()) {
      if (file.header().tensors().isEmpty()) {
        needed.add(file.path());
      }
    }
    return new ShardFiles(
        choice,
        chosen.stream()
            .filter(f -> needed.contains(f.path().value()) || !WeightSet.isWeights(f))
            .toList());
  }
}
