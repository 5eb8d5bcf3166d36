package dev.exodl.download;

import dev.exodl.download.DoctorReport.Finding;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.hub.Greeting;
import dev.exodl.hub.HubClient;
import dev.exodl.hub.HubListener;
import dev.exodl.hub.Whoami;
import dev.exodl.model.Failure;
import dev.exodl.store.Caches;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks whether syncs can work on this machine. Leaves nothing behind. */
public final class Doctor {
  /** Signed addresses live for about an hour; certificates mind less. */
  private static final Duration CLOCK_MAY_BE_OFF = Duration.ofMinutes(5);

  private static final long LITTLE_SPACE = 10_000_000_000L;

  private final SyncSettings settings;
  private final Caches caches;
  private final Path cacheRoot;
  private final Clock clock;
  private final List<Finding> findings = new ArrayList<>();

  /** A doctor for syncs with these settings into these caches. */
  public Doctor(SyncSettings settings, Caches caches, Clock clock) {
    this.settings = settings;
    this.caches = caches;
    this.cacheRoot = caches.root();
    this.clock = clock;
  }

  /** Looks at everything; with {@code offline} the network is left alone. */
  public DoctorReport examine(boolean offline) {
    if (offline) {
      for (String about : List.of("hub", "clock", "token")) {
        findings.add(new Finding.Skipped(about, "offline"));
      }
    } else {
      network();
    }
    caches.others().forEach(this::onlyRead);
    if (caches.noneReceives().isPresent()) {
      findings.add(new Finding.Bad("cache", caches.noneReceives().get()));
    } else {
      disk();
    }
    return new DoctorReport(List.copyOf(findings));
  }

  private void network() {
    HubClient hub = new HubClient(settings.hub(), HubListener.NONE);
    Greeting greeting;
    try {
      greeting = hub.greet();
    } catch (SourceException e) {
      findings.add(new Finding.Bad("hub", failure(e.trouble())));
      findings.add(new Finding.Skipped("clock", "the hub does not answer"));
      findings.add(new Finding.Skipped("token", "the hub does not answer"));
      return;
    }
    findings.add(
        new Finding.Good(
            "hub",
            settings.hub().endpoint() + " answers in " + greeting.took().toMillis() + " ms"));
    greeting
        .date()
        .ifPresentOrElse(
            this::clock,
            () -> findings.add(new Finding.Skipped("clock", "the hub does not tell its time")));
    token(hub);
  }

  private Failure failure(Trouble trouble) {
    return trouble instanceof Trouble.Refused refused
        ? refused.failure()
        : new Failure.Network(
            trouble.what(),
            settings.hub().endpoint().toString(),
            "check the network, HF_ENDPOINT and the proxy settings");
  }

  private void clock(Instant hub) {
    Duration off = Duration.between(hub, clock.instant());
    if (off.abs().compareTo(CLOCK_MAY_BE_OFF) > 0) {
      String way = off.isNegative() ? " behind" : " ahead of";
      findings.add(
          new Finding.Doubtful(
              "clock",
              "this machine's clock is " + off.abs().toMinutes() + " min" + way + " the hub's",
              "set it: certificates and signed addresses depend on it"));
    } else {
      findings.add(new Finding.Good("clock", "agrees with the hub's"));
    }
  }

  private void token(HubClient hub) {
    try {
      Whoami who = hub.whoami();
      if (who == null) {
        findings.add(new Finding.Good("token", "none; public repos need none"));
        return;
      }
      String role = who.role().isEmpty() ? "" : ", " + who.role();
      findings.add(new Finding.Good("token", "of " + who.type() + " " + who.name() + role));
    } catch (SourceException e) {
      if (failure(e.trouble()) instanceof Failure.Auth bad) {
        findings.add(new Finding.Bad("token", bad));
      } else {
        findings.add(
            new Finding.Doubtful(
                "token",
                "could not be checked: " + e.trouble().what(),
                "a mirror may not know whose token it is"));
      }
    }
  }

  private void onlyRead(Path tier) {
    if (Files.isDirectory(tier) && Files.isReadable(tier)) {
      findings.add(new Finding.Good("tier", tier + " can be read, and is only read"));
    } else {
      findings.add(
          new Finding.Doubtful(
              "tier",
              tier + (Files.exists(tier) ? " cannot be read" : " is not there"),
              "mount it, or leave it out of the cache path"));
    }
  }

  private void disk() {
    Path there = existing(cacheRoot);
    Path probe;
    try {
      probe = Files.createTempDirectory(there, ".exo-dl-doctor");
    } catch (IOException | SecurityException e) {
      findings.add(
          new Finding.Bad(
              "cache",
              new Failure.Storage(
                  "the cache cannot be written: " + e.getClass().getSimpleName(),
                  cacheRoot.toString(),
                  "change its permissions, or name another with --cache-dir or HF_HUB_CACHE")));
      return;
    }
    findings.add(new Finding.Good("cache", cacheRoot + " can be written"));
    findings.add(links(probe));
    delete(probe.resolve("link"));
    delete(probe);
    findings.add(space(there));
  }

  private Finding links(Path probe) {
    if (settings.noLinks()) {
      return new Finding.Doubtful(
          "links",
          "symbolic links are turned off: files that revisions share are stored twice",
          "unset HF_HUB_DISABLE_SYMLINKS if that is not wanted");
    }
    try {
      Files.createSymbolicLink(probe.resolve("link"), Path.of("nowhere"));
      return new Finding.Good("links", "symbolic links work in the cache");
    } catch (IOException | UnsupportedOperationException e) {
      return new Finding.Doubtful(
          "links",
          "the cache's file system has no symbolic links: files that revisions share are stored twice",
          "nothing has to be done");
    }
  }

  private static Finding space(Path there) {
    try {
      FileStore store = Files.getFileStore(there);
      long free = store.getUsableSpace();
      String what = Bytes.text(free) + " are free on the cache's disk (" + store.type() + ")";
      return free < LITTLE_SPACE
          ? new Finding.Doubtful(
              "space", what, "make room, or name another disk with --cache-dir or --local-dir")
          : new Finding.Good("space", what);
    } catch (IOException e) {
      return new Finding.Skipped("space", "the system does not tell: " + e.getMessage());
    }
  }

  /** The folder itself, or the one it would be made in. */
  private static Path existing(Path folder) {
    Path at = folder;
    for (@Nullable Path up = at; up != null; up = up.getParent()) {
      if (Files.isDirectory(up)) {
        return up;
      }
      at = up;
    }
    return Optional.ofNullable(at.getRoot()).orElse(at);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // It is empty and named after the doctor; the next one makes another.
    }
  }
}
