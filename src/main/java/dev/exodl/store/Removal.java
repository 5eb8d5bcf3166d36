package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.Repo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What would be deleted from a cache, in this order. Nothing is until {@link #carryOut()}.
 *
 * @param cacheRoot the cache's folder, links resolved
 * @param items files and folders below it
 * @param skipped what was left out and why, a line for each
 */
public record Removal(Path cacheRoot, List<Item> items, List<String> skipped) {
  /**
   * A file, or a folder with all that is in it.
   *
   * @param what it is, in a few words
   * @param bytes what its removal frees
   */
  public record Item(Repo repo, Path path, String what, long bytes) {}

  /** What deleting all of it frees. */
  public long bytes() {
    return items.stream().mapToLong(Item::bytes).sum();
  }

  /**
   * Deletes the items.
   *
   * @throws dev.exodl.model.FailureException storage failure when a process works on one of the
   *     repos, before anything of that repo is deleted, or when something cannot be deleted
   */
  public void carryOut() {
    Disk disk = new Disk(DiskSteps.NONE);
    Fence fence = new Fence(cacheRoot);
    List<Repo> repos = items.stream().map(Item::repo).distinct().toList();
    for (Repo repo : repos) {
      try (Quiet quiet = Quiet.claim(RepoFolder.of(cacheRoot, repo), disk)) {
        for (Item item : items) {
          if (item.repo().equals(repo) && fence.look(item.path()).isPresent()) {
            delete(disk, item);
          }
        }
        quiet.done();
      }
    }
  }

  private static void delete(Disk disk, Item item) {
    try {
      disk.deleteFolder(item.path());
    } catch (IOException e) {
      throw StorageFailure.of(e, "delete", item.path());
    }
  }

  /** All unfinished downloads of a repo, claimed so that nobody works on them. */
  private static final class Quiet implements AutoCloseable {
    private final List<Claim> claims = new ArrayList<>();

    static Quiet claim(RepoFolder repo, Disk disk) {
      Quiet quiet = new Quiet();
      Claims claims = new Claims(repo.workshop(), disk, new OsLocks(), ClaimTimes.USUAL);
      List<String> blobs =
          CacheScan.list(repo.workshop()).stream()
              .flatMap(entry -> Names.blob(CacheScan.name(entry)).stream())
              .distinct()
              .toList();
      for (String blob : blobs) {
        switch (claims.tryClaim(BlobId.of(blob))) {
          case Claims.Tried.Claimed(Claim claim) -> quiet.claims.add(claim);
          case Claims.Tried.Taken(String owner) -> {
            quiet.close();
            throw StorageFailure.told(
                owner + " is downloading a file of this repo",
                repo.path(),
                "wait until it is done, or end it, then run the same command again");
          }
        }
      }
      return quiet;
    }

    void done() {
      close();
    }

    @Override
    public void close() {
      claims.forEach(Claim::close);
      claims.clear();
    }
  }
}
