package dev.exodl.download;

import dev.exodl.hub.ListedFile;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.weights.ModelWeights;
import dev.exodl.weights.WeightFile;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The files that a node needs for its layers.
 *
 * @param files of those that were chosen: the weight files with a needed tensor, and all that are
 *     no weights
 */
record ShardFiles(ShardChoice choice, List<RepoFile> files) {
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
    ModelWeights model = new ReadWeights(request.repo(), bytes).read(listed, chosen);
    ShardChoice choice = ShardChoice.of(model, wanted.layers(model), wanted.withShared());
    Set<String> needed = new HashSet<>();
    for (WeightFile file : choice.needed().files()) {
      needed.add(file.path());
    }
    return new ShardFiles(
        choice,
        chosen.stream()
            .filter(f -> needed.contains(f.path().value()) || !WeightSet.isWeights(f))
            .toList());
  }
}
