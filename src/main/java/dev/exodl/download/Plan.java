package dev.exodl.download;

import dev.exodl.hub.HubClient;
import dev.exodl.hub.ListedFile;
import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.swarm.Bound;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.Forecast;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.weights.ModelWeights;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * What a sync by several nodes would do: asks the hub for the listing and, to deal out layers, the
 * headers of weight files at most; writes nothing.
 */
public final class Plan {
  private final SyncSettings settings;
  private final SyncVoice voice;

  /** A plan that tells its events to the listener. */
  public Plan(SyncSettings settings, SyncListener listener) {
    this.settings = settings;
    this.voice = new SyncVoice(listener, new ProgressBoard());
  }

  /**
   * Makes it.
   *
   * @throws FailureException what the user can be told
   */
  public PlanResult run(PlanRequest request) {
    SyncRequest wanted = request.wanted();
    FindSnapshot find = new FindSnapshot(wanted, voice, settings.noLinks());
    HubClient hub = new HubClient(settings.hub(), voice);
    HubQuestions questions = new HubQuestions(hub, voice);
    FindSnapshot.Found found = wanted.offline() ? find.offline() : find.online(questions);
    List<ListedFile> listed = found.listed().orElseThrow(() -> unlisted(wanted));
    List<RepoFile> files = ChooseFiles.choose(wanted, listed, voice::warn);
    Optional<SplitResult> split = Optional.empty();
    if (request.split().isPresent()) {
      FileBytes bytes =
          found.offline()
              ? FileBytes.here(
                  found.target(), new Tiers(wanted.place().caches(), wanted.repo()), found.commit())
              : FileBytes.of(found.target(), hub.source(wanted.repo(), found.commit()), questions);
      split =
          Optional.of(
              SplitResult.of(
                  request.split().get(), request.nodes(), weights(wanted, listed, files, bytes)));
    }
    // Cut as a cluster cuts it: by all of the snapshot, whatever is chosen.
    SwarmBlobs swarm =
        new SwarmBlobs(listed.stream().map(f -> new Entry(f.path(), f.size(), f.blob())).toList());
    Set<BlobId> chosen = new LinkedHashSet<>();
    files.forEach(f -> chosen.add(f.blob()));
    List<ChunkGrid> blobs =
        chosen.stream().map(swarm::number).flatMap(Optional::stream).map(swarm::grid).toList();
    long bytes = blobs.stream().mapToLong(ChunkGrid::blobSize).sum();
    return new PlanResult(
        wanted.repo(),
        wanted.revision(),
        found.commit(),
        found.offline(),
        files,
        bytes,
        swarm.chunkSize(),
        blobs.stream().mapToLong(ChunkGrid::count).sum(),
        Forecast.of(request.strategy(), request.nodes(), blobs),
        request
            .rates()
            .map(r -> Bound.of(request.strategy(), bytes, request.nodes(), r.hub(), r.node())),
        split,
        voice.warnings());
  }

  private static ModelWeights weights(
      SyncRequest wanted, List<ListedFile> listed, List<RepoFile> files, FileBytes bytes) {
    try {
      return new ReadWeights(wanted.repo(), bytes).all(listed, files);
    } catch (InterruptedException e) {
      throw (CancellationException) new CancellationException("stopped").initCause(e);
    }
  }

  private static FailureException unlisted(SyncRequest wanted) {
    return new FailureException(
        new Failure.NotFound(
            "no listing of " + wanted.repo() + " was kept, so there is nothing to plan with",
            "this machine",
            "run without --offline (or HF_HUB_OFFLINE)"));
  }
}
