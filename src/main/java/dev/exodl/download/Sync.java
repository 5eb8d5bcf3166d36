package dev.exodl.download;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.Exchange;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.fetch.Fetcher;
import dev.exodl.fetch.FileWork;
import dev.exodl.hub.HubClient;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.store.LocalDirTarget;
import dev.exodl.store.Reuse;
import dev.exodl.store.Target;
import dev.exodl.swarm.NodeSettings;
import dev.exodl.swarm.Swarm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One sync: find the snapshot, choose files, look what is here, fetch and place the rest. Runs
 * once.
 */
public final class Sync {
  private static final long STOP_MILLIS = 1200;

  private final SyncSettings settings;
  private final @Nullable NodeSettings cluster;
  private final SyncVoice voice;
  private final ProgressBoard board;
  private final HubClient hub;

  /** The hub without the token. */
  private final HubClient anybody;

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopped;
  private volatile @Nullable InCluster joined;
  private volatile @Nullable Fetcher fetcher;
  private Optional<ShardChoice> sharded = Optional.empty();

  /** A sync that publishes its events to the listener and its figures on the board. */
  public Sync(SyncSettings settings, SyncListener listener, ProgressBoard board) {
    this(settings, null, listener, board);
  }

  /** As the other, as a node of a cluster when there are settings for that. */
  public Sync(
      SyncSettings settings,
      @Nullable NodeSettings cluster,
      SyncListener listener,
      ProgressBoard board) {
    this.settings = settings;
    this.cluster = cluster;
    this.voice = new SyncVoice(listener, board);
    this.board = board;
    this.hub = new HubClient(settings.hub(), voice);
    this.anybody = settings.anybody(voice);
  }

  /**
   * Does it, on the caller's thread.
   *
   * @throws FailureException what the user can be told
   * @throws CancellationException after {@link #stop()}
   */
  public SyncResult run(SyncRequest request) {
    long begin = System.nanoTime();
    ShardExcerpts.check(request, cluster != null);
    boolean good = false;
    try {
      FindSnapshot.Found found = find(request);
      SyncResult result =
          found.listed().isPresent()
              ? listed(request, found, begin)
              : unlisted(request, found, begin);
      good = true;
      return result;
    } catch (InterruptedException e) {
      throw (CancellationException) new CancellationException("stopped").initCause(e);
    } finally {
      ended.countDown();
      InCluster in = joined;
      if ((!good || request.dryRun()) && in != null) {
        in.close();
      }
    }
  }

  /** After a good {@link #run}: whether {@link #linger} has somebody to wait for. */
  public boolean lingers() {
    InCluster in = joined;
    return in != null && in.lingers();
  }

  /**
   * After a good {@link #run}: serves the other nodes of the cluster until they are done too, as
   * the settings say, and leaves it. Returns at once where there is no cluster, or after {@link
   * #stop()}.
   */
  public void linger() {
    InCluster in = joined;
    if (in == null) {
      return;
    }
    try (in) {
      in.linger();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private FindSnapshot.Found find(SyncRequest request) throws InterruptedException {
    FindSnapshot find = new FindSnapshot(request, voice, settings.noLinks());
    if (cluster != null) {
      InCluster in = InCluster.join(cluster, settings, request, hub, anybody, voice);
      joined = in;
      if (stopped) {
        throw new CancellationException("stopped");
      }
      in.awaitMembers();
      Optional<SwarmMessage.Listed> listed = in.listing(request);
      if (listed.isPresent()) {
        Commit commit = listed.get().commit();
        return find.told(commit, InCluster.files(listed.get()), in.open(commit));
      }
    }
    return request.offline() ? find.offline() : find.online(new HubQuestions(hub, voice));
  }

  /**
   * Ends a running sync from another thread; returns when what is here is safe, or after about a
   * second.
   */
  public void stop() {
    stopped = true;
    Fetcher running = fetcher;
    InCluster in = joined;
    if (running == null) {
      if (in != null) {
        in.close();
      }
      return;
    }
    if (ended.getCount() == 0) {
      // Only serving others is left, and they are told.
      if (in != null) {
        in.close();
      }
      return;
    }
    running.stop();
    if (in != null) {
      in.leave();
    }
    try {
      if (!ended.await(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
        voice.detail("stopped without waiting for the disk");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private SyncResult listed(SyncRequest request, FindSnapshot.Found listed, long begin)
      throws InterruptedException {
    ChooseShard choose = new ChooseShard(request, joined, voice);
    Chosen chosen = choose.choose(listed, () -> bytes(request, listed));
    sharded = choose.choice();
    List<RepoFile> files = chosen.files();
    FindSnapshot.Found found =
        new InTier(request, settings.reuse().memory(), voice, () -> stopped).find(listed, files);
    Target target = found.target();
    InCluster in = joined;
    if (!request.dryRun()) {
      if (in == null || in.mayKeepListing()) {
        boolean forAnybody = in == null ? !hub.hasToken() : in.isForAnybody();
        FindSnapshot.keepListing(found, forAnybody);
      }
    }
    LookLocally.Sorted here =
        new LookLocally(target, voice).sort(files, !request.force() || found.offline());
    ReuseOnHost host = new ReuseOnHost(reuse(request), target, voice, () -> stopped);
    List<RepoFile> missing =
        chosen.inOrder(
            request.force()
                ? here.missing()
                : host.rest(here.missing(), request.dryRun(), request.minFreeBytes()));
    Amount needed = Amount.of(missing, target, request.force());
    ShardExcerpts.Seen cut =
        chosen.excerpts().map(e -> e.look(host)).orElse(ShardExcerpts.Seen.NONE);
    voice.tell(
        new SyncEvent.Planned(
            found.listed().orElseThrow().size(),
            files.size() + cut.files().size(),
            sum(files) + sum(cut.files()),
            missing.size() + cut.missing().size(),
            needed.toFetch() + cut.toFetch()));
    boolean others = in != null && in.exchanges();
    if (found.offline() || (request.offline() && !others)) {
      List<RepoFile> unreached = and(missing, cut.onlyAtHub());
      if (!unreached.isEmpty()) {
        String first = unreached.getFirst().path().value();
        throw incomplete(unreached.size(), files.size() + cut.files().size(), first, target);
      }
    }
    if (!request.dryRun()) {
      Space.check(target, needed.toFetch() + cut.toWrite(), request.minFreeBytes());
      if (!found.offline()) {
        here.checked().forEach(target::adopt);
      }
      here.linkable().forEach(target::link);
      Optional<Swarm> swarm = in == null ? Optional.empty() : in.enter(target, files, missing);
      swarm.ifPresent(voice::swarm);
      try {
        fetch(
            request,
            found,
            missing,
            chosen,
            ready(choose, found, chosen, missing),
            swarm.orElse(null));
        if (chosen.excerpts().isPresent()) {
          chosen.excerpts().get().finish();
          voice.tell(choose.ready(found, chosen.excerpts().get().choice()));
        } else if (target instanceof LocalDirTarget dir) {
          ShardExcerpts.replaced(dir, files, voice);
        }
        target.finish(request.revision());
        swarm.ifPresent(Swarm::done);
        choose.tellLater(found, chosen);
        sharded = choose.choice();
      } catch (FailureException e) {
        swarm.ifPresent(Swarm::failed);
        throw e;
      }
    }
    List<RepoFile> all = and(files, cut.files());
    List<RepoFile> got = and(missing, cut.missing());
    long reused = sum(files) - sum(missing) + needed.held() + sum(cut.files()) - cut.toFetch();
    if (request.dryRun()) {
      // What would be.
      long held = in == null ? 0 : in.heldByOthers(missing);
      long fromPeers = Math.min(held, needed.toFetch());
      long toFetch = needed.toFetch() + cut.toFetch();
      return result(request, found, all, got, toFetch, fromPeers, reused, begin);
    }
    return result(request, found, all, got, board.fetched(), board.fromPeers(), reused, begin);
  }

  /** What the tiers hold of the repo is looked for whatever else is to be. */
  private Reuse reuse(SyncRequest request) {
    return settings.reuse().first(request.place().caches().otherFolders(request.repo()));
  }

  private FileBytes bytes(SyncRequest request, FindSnapshot.Found found) {
    ChunkSource source = source(request.repo(), found.commit());
    HubQuestions questions = new HubQuestions(hub, voice);
    return request.force()
        ? FileBytes.of(source, questions)
        : FileBytes.of(found.target(), source, questions);
  }

  private @Nullable ShardReady ready(
      ChooseShard choose, FindSnapshot.Found found, Chosen chosen, List<RepoFile> missing) {
    ShardFiles shard = chosen.shard().orElse(null);
    return shard == null
        ? null
        : ShardReady.watch(choose.ready(found, shard.choice()), shard.files(), missing, voice);
  }

  private void fetch(
      SyncRequest request,
      FindSnapshot.Found found,
      List<RepoFile> missing,
      Chosen chosen,
      @Nullable ShardReady ready,
      @Nullable Swarm swarm)
      throws InterruptedException {
    ShardExcerpts cut = chosen.excerpts().orElse(null);
    if (missing.isEmpty() && (cut == null || cut.isHere())) {
      return;
    }
    int cores = Runtime.getRuntime().availableProcessors();
    long bytes = sum(chosen.files()) + (cut == null ? 0 : sum(cut.files()));
    int chunkSize = swarm == null ? ChunkGrid.chunkSizeFor(bytes) : swarm.chunkSize();
    ChunkSource hubs = source(request.repo(), found.commit());
    ChunkSource source = cut == null ? hubs : cut.source(hubs);
    try (ExecutorService cpu =
        Executors.newFixedThreadPool(
            cores, Thread.ofPlatform().daemon().name("digest-", 0).factory())) {
      SyncFile.Setting setting =
          new SyncFile.Setting(
              found.target(),
              chunkSize,
              request.force(),
              cpu,
              voice,
              board,
              swarm,
              ready,
              () -> stopped);
      List<SyncFile> whole = SyncFile.of(missing, setting);
      List<ExcerptFile> parts = cut == null ? List.of() : cut.works(setting);
      List<FileWork> works = new ArrayList<>(whole);
      works.addAll(parts);
      board.files(works.stream().map(FileWork::file).toList());
      Fetcher running =
          new Fetcher(
              works,
              swarm == null
                  ? Exchange.alone(source)
                  : swarm.want(
                      chosen.files(),
                      works.stream().map(FileWork::file).toList(),
                      source,
                      settings.limits().maxConnections(),
                      chosen.first()),
              chunkSize,
              Math.clamp(cores / 2, 2, 4),
              limits(),
              voice);
      fetcher = running;
      if (swarm != null) {
        swarm.begins(running);
      }
      if (stopped) {
        throw new CancellationException("stopped");
      }
      InCluster in = joined;
      try (AloneCap _ = swarm == null && in != null ? in.cap(running) : null) {
        running.fetch();
        if (stopped) {
          // A file that waited for another process counts as gone then, though it is not here.
          throw new CancellationException("stopped");
        }
      } finally {
        SyncFile.closeAll(whole, voice);
        parts.forEach(ExcerptFile::close);
      }
    }
  }

  private ChunkSource source(Repo repo, Commit commit) {
    InCluster in = joined;
    return in != null && in.fetchesForAnybody()
        ? new OpenSource(anybody, hub, repo, commit)
        : hub.source(repo, commit);
  }

  private FetchLimits limits() {
    FetchLimits own = settings.limits();
    return cluster == null
        ? own
        : new FetchLimits(
            own.maxConnections(), own.maxBytesPerSecond(), cluster.maxLanRate(), own.giveUpAfter());
  }

  /**
   * What has to come over the network.
   *
   * @param toFetch bytes
   * @param held bytes that part files of earlier runs hold
   */
  private record Amount(long toFetch, long held) {
    static Amount of(List<RepoFile> missing, Target target, boolean force) {
      Set<Object> seen = new HashSet<>();
      long all = 0;
      long held = 0;
      for (RepoFile file : missing) {
        if (seen.add(file.blob())) {
          all += file.size();
          held += force ? 0 : target.heldBytes(file);
        }
      }
      return new Amount(all - held, held);
    }
  }

  private static FailureException incomplete(int missing, int of, String first, Target target) {
    return new FailureException(
        new Failure.Partial(
            missing + " of " + of + " files are not here, the first is " + first,
            target.root().toString(),
            "run without --offline (or HF_HUB_OFFLINE) to fetch them"));
  }

  /** Found here, by an older client that kept no listing: nobody can tell what should be there. */
  private SyncResult unlisted(SyncRequest request, FindSnapshot.Found found, long begin) {
    Path root = found.target().root();
    if (request.shard().isPresent()) {
      throw new FailureException(
          new Failure.Partial(
              "no listing was kept, so it cannot be told which layers are here",
              root.toString(),
              "run without --offline (or HF_HUB_OFFLINE)"));
    }
    List<String> named = request.selection().files();
    List<String> absent =
        named.stream()
            .filter(n -> !n.endsWith("/"))
            .filter(n -> !Files.isRegularFile(root.resolve(new RepoPath(n).value())))
            .toList();
    if (!absent.isEmpty()) {
      throw incomplete(absent.size(), named.size(), absent.getFirst(), found.target());
    }
    voice.warn("no listing was kept, so it cannot be told whether all files are here");
    return result(request, found, List.of(), List.of(), 0, 0, 0, begin);
  }

  private SyncResult result(
      SyncRequest request,
      FindSnapshot.Found found,
      List<RepoFile> files,
      List<RepoFile> missing,
      long fetched,
      long fromPeers,
      long reused,
      long begin) {
    return new SyncResult(
        request.repo(),
        request.revision(),
        found.commit(),
        path(request, found.target()),
        files,
        missing,
        fetched,
        fromPeers,
        reused,
        hub.requests() + anybody.requests(),
        request.dryRun(),
        found.offline() || request.offline(),
        Duration.ofNanos(System.nanoTime() - begin),
        voice.warnings(),
        sharded);
  }

  private static Path path(SyncRequest request, Target target) {
    List<String> names = request.selection().files();
    boolean one = names.size() == 1 && !names.getFirst().endsWith("/");
    return one ? target.root().resolve(names.getFirst()) : target.root();
  }

  private static List<RepoFile> and(List<RepoFile> files, List<RepoFile> more) {
    return Stream.concat(files.stream(), more.stream()).toList();
  }

  private static long sum(List<RepoFile> files) {
    return files.stream().mapToLong(RepoFile::size).sum();
  }
}
