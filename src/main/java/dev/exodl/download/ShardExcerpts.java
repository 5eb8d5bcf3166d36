package dev.exodl.download;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.hub.ListedFile;
import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.store.Excerpts;
import dev.exodl.store.HostCopy;
import dev.exodl.store.LocalDirTarget;
import dev.exodl.verify.ByteHash;
import dev.exodl.weights.Excerpt;
import dev.exodl.weights.Repacked;
import dev.exodl.weights.Tensor;
import dev.exodl.weights.WeightFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a sync takes of a model's weight files when it takes no whole ones: an excerpt of each, an
 * index of what is in them, and the manifest.
 */
final class ShardExcerpts {
  static final String INDEX = "model.safetensors.index.json";

  private final SyncRequest request;
  private final Commit commit;
  private final ShardForm form;
  private final ShardChoice choice;
  private final LocalDirTarget target;
  private final Excerpts folder;
  private final KeptHeads heads;
  private final List<ShardExcerpt> all;
  private final List<RepoFile> others;
  private final List<ShardExcerpt> missing = new ArrayList<>();
  private final boolean replacesAnother;
  private Map<BlobId, HostCopy> copies = Map.of();

  private ShardExcerpts(
      SyncRequest request,
      Commit commit,
      ShardForm form,
      ShardFiles shard,
      LocalDirTarget target,
      KeptHeads heads,
      boolean replacesAnother) {
    this.replacesAnother = replacesAnother;
    this.request = request;
    this.commit = commit;
    this.form = form;
    this.choice = shard.choice();
    this.target = target;
    this.folder = target.excerpts();
    this.heads = heads;
    this.all = excerpts(shard.files());
    this.others = others(shard.files());
  }

  /**
   * Refuses what cannot be, before anything is asked.
   *
   * @throws FailureException usage failure
   */
  static void check(SyncRequest request, boolean inCluster) {
    ShardForm form = request.shard().map(ShardRequest::form).orElse(ShardForm.FILES);
    if (form == ShardForm.FILES) {
      return;
    }
    String option = "--shard-form " + ShardManifest.word(form);
    if (!(request.place() instanceof SyncRequest.Place.LocalDir)) {
      throw new FailureException(
          new Failure.Usage(
              "it makes files that are none of the repo's, which no cache may have",
              option,
              "add --local-dir DIR, or take --shard-form files"));
    }
    if (inCluster) {
      throw new FailureException(
          new Failure.Usage(
              "nodes of a cluster exchange whole files, and this makes others",
              option,
              "leave out --cluster, so that each node fetches its own bytes from the hub, or take"
                  + " --shard-form files"));
    }
  }

  /**
   * Reads what is needed, and makes the excerpts of it.
   *
   * @param listed all files of the commit
   * @param chosen of them
   * @param bytes where headers come from that were not kept here
   * @throws FailureException usage failure when the form does not fit the model, or the folder has
   *     something else; as {@link ShardFiles#of}
   */
  static ShardExcerpts of(
      SyncRequest request,
      Commit commit,
      List<ListedFile> listed,
      List<RepoFile> chosen,
      LocalDirTarget target,
      FileBytes bytes)
      throws InterruptedException {
    KeptHeads heads = new KeptHeads(target.excerpts(), !request.force(), bytes);
    ShardRequest wanted = request.shard().orElseThrow();
    ShardFiles shard = ShardFiles.of(request, wanted, listed, chosen, heads);
    ShardManifest.What what = ShardManifest.What.of(request.repo(), wanted.form(), shard.choice());
    Optional<ShardManifest.What> there = ShardManifest.in(target.root()).map(ShardManifest::what);
    boolean another = there.isPresent() && !there.get().equals(what);
    if (!request.force() && another) {
      throw new FailureException(
          new Failure.Usage(
              "the folder has " + there.get() + " in the form " + there.get().form(),
              target.root().toString(),
              "name another --local-dir, or add --force to have it replaced"));
    }
    return new ShardExcerpts(request, commit, wanted.form(), shard, target, heads, another);
  }

  private List<ShardExcerpt> excerpts(List<RepoFile> chosen) {
    Map<String, RepoFile> byPath = new HashMap<>();
    chosen.forEach(f -> byPath.put(f.path().value(), f));
    List<ShardExcerpt> excerpts = new ArrayList<>();
    for (WeightFile file : choice.model().files()) {
      RepoFile of = byPath.get(file.path());
      if (of != null) {
        List<Tensor> tensors = choice.needed().tensors().getOrDefault(file, List.of());
        excerpts.add(ShardExcerpt.of(form, excerpt(file, of, tensors), of));
      }
    }
    return excerpts;
  }

  private Excerpt excerpt(WeightFile file, RepoFile of, List<Tensor> tensors) {
    return switch (form) {
      case FILES -> throw new IllegalStateException("whole files are no excerpts");
      case RANGES ->
          Excerpt.sparse(file, tensors, heads.read(of, 0, (int) file.header().dataStart()));
      case REPACK -> {
        if (isGguf(of)) {
          throw new FailureException(
              new Failure.Usage(
                  "only safetensors files can be repacked, and this is GGUF",
                  of.path().value(),
                  "take --shard-form ranges or files"));
        }
        yield Excerpt.repacked(file, tensors);
      }
    };
  }

  private static boolean isGguf(RepoFile file) {
    return file.path().value().endsWith(".gguf");
  }

  /** All that is not of weights, and has not the name of what is written here. */
  private List<RepoFile> others(List<RepoFile> chosen) {
    String index = index().map(RepoPath::value).orElse("");
    return chosen.stream()
        .filter(f -> !WeightSet.isWeights(f))
        .filter(f -> !f.path().value().equalsIgnoreCase(index))
        .filter(
            f -> !f.path().names().getFirst().toLowerCase(Locale.ROOT).equals(ShardManifest.NAME))
        .toList();
  }

  /** Of safetensors only. */
  private Optional<RepoPath> index() {
    if (all.isEmpty() || isGguf(all.getFirst().of())) {
      return Optional.empty();
    }
    return Optional.of(new RepoPath(folderOf(all.getFirst().as()) + INDEX));
  }

  private static String folderOf(RepoFile file) {
    String path = file.path().value();
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  ShardChoice choice() {
    return choice;
  }

  /** The chosen files that come whole. */
  List<RepoFile> others() {
    return others;
  }

  /** All excerpts. */
  List<RepoFile> files() {
    return all.stream().map(ShardExcerpt::as).toList();
  }

  /**
   * What was seen of the excerpts.
   *
   * @param onlyAtHub those that are missing, and no copy of their weight file is on this host
   * @param toFetch bytes that have to come from the hub
   * @param toWrite bytes that have to be written
   */
  record Seen(
      List<RepoFile> files,
      List<RepoFile> missing,
      List<RepoFile> onlyAtHub,
      long toFetch,
      long toWrite) {
    static final Seen NONE = new Seen(List.of(), List.of(), List.of(), 0, 0);
  }

  /** Looks what is here, and for whole copies of the rest. */
  Seen look(ReuseOnHost host) {
    for (ShardExcerpt each : all) {
      if (request.force() || !folder.isHere(each.wanted())) {
        missing.add(each);
      }
    }
    if (!request.force()) {
      missing.forEach(this::checkPlace);
      List<RepoFile> files = missing.stream().map(ShardExcerpt::of).toList();
      copies = host.copies(files, target.cached(), request.dryRun());
    }
    List<RepoFile> onlyAtHub = new ArrayList<>();
    long toFetch = 0;
    long toWrite = 0;
    for (ShardExcerpt each : missing) {
      long held = request.force() ? 0 : folder.heldBytes(each.wanted());
      long rest = each.as().size() - held;
      toWrite += rest;
      if (!copies.containsKey(each.of().blob())) {
        onlyAtHub.add(each.as());
        toFetch += rest;
      }
    }
    List<RepoFile> absent = missing.stream().map(ShardExcerpt::as).toList();
    return new Seen(files(), absent, onlyAtHub, toFetch, toWrite);
  }

  /** A whole weight file, for example, that somebody wants to keep. */
  private void checkPlace(ShardExcerpt each) {
    if (folder.isForeign(each.as().path(), each.of().size())) {
      throw new FailureException(
          new Failure.Storage(
              "a file that is no part of a shard is where one is to be",
              folder.visible(each.as().path()).toString(),
              "name another --local-dir, or add --force to have it replaced"));
    }
  }

  /**
   * Whole files were placed in a folder that may have a shard: where they took the place of its
   * files, there is none any more, and nothing shall say so.
   */
  static void replaced(LocalDirTarget target, List<RepoFile> files, SyncVoice voice) {
    ShardManifest manifest = ShardManifest.in(target.root()).orElse(null);
    if (manifest != null && files.stream().anyMatch(f -> manifest.made(f.path().value()))) {
      target.excerpts().delete(new RepoPath(ShardManifest.NAME));
      target.excerpts().forget(files.stream().map(RepoFile::path).collect(Collectors.toSet()));
      voice.warn(
          "the folder had "
              + manifest.what()
              + ": these are no shard any more, since whole files took the place of some of it");
    }
  }

  /** Whether all is here. */
  boolean areHere() {
    return all.stream().allMatch(e -> folder.isHere(e.wanted()));
  }

  /** Whether {@link #look} found nothing missing. */
  boolean isHere() {
    return missing.isEmpty();
  }

  /** What is to be done for the missing ones. */
  List<ExcerptFile> works(SyncFile.Setting with) {
    if (!missing.isEmpty() && replacesAnother) {
      // What it says will be true no longer, and a reader would take holes for its tensors.
      folder.delete(new RepoPath(ShardManifest.NAME));
    }
    return missing.stream()
        .map(e -> new ExcerptFile(e, folder, copies.get(e.of().blob()), with))
        .toList();
  }

  /** The source, that has the excerpts too. */
  ChunkSource source(ChunkSource source) {
    Map<RepoFile, ExcerptSource.Cut> cuts = new HashMap<>();
    for (ShardExcerpt each : all) {
      Beginning known = heads.of(each.of());
      cuts.put(each.as(), new ExcerptSource.Cut(each.excerpt(), each.of(), known));
    }
    return new ExcerptSource(cuts, source);
  }

  private static String sha256(byte[] bytes) {
    ByteHash hash = ByteHash.fastest().sha256();
    hash.update(bytes, 0, bytes.length);
    return hash.hex();
  }

  /** All are placed: says what is here, and forgets what was here before. */
  void finish() {
    if (!areHere()) {
      throw new FailureException(
          new Failure.Storage(
              "somebody else changed the files of the shard meanwhile",
              target.root().toString(),
              "give each shard a folder of its own, then run the same command again"));
    }
    heads.keep();
    Map<String, String> places = new LinkedHashMap<>();
    List<String> noted = new ArrayList<>();
    for (ShardExcerpt each : all) {
      String name = each.as().path().names().getLast();
      each.excerpt().tensors().forEach(t -> places.put(t.name(), name));
      noted.add(folder.noted(each.as().blob()).orElseThrow());
    }
    byte[] index = Repacked.index(places, choice.needed().bytes());
    index().ifPresent(at -> folder.write(at, index));
    folder.write(
        new RepoPath(ShardManifest.NAME),
        ShardManifest.text(
            request, commit, form, choice, index(), index().map(at -> sha256(index)), noted));
    folder.keepOnly(all.stream().map(ShardExcerpt::wanted).toList(), heads.blobs());
  }
}
