package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.Amounts;
import dev.exodl.cli.show.Table;
import dev.exodl.model.ExitCode;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.store.CacheListing;
import dev.exodl.store.CacheScan;
import dev.exodl.store.CachedRepo;
import dev.exodl.store.CachedRepo.CachedRevision;
import dev.exodl.store.CachedRepo.Unfinished;
import dev.exodl.store.Caches;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code exo-dl cache ls}. */
@Command(
    name = "ls",
    header = "List the repos in the cache, with what they take on the disk.",
    description = {"", "-v lists the revisions and unfinished downloads of each.", ""},
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {"", "Examples:", "  exo-dl cache ls", "  exo-dl cache ls --json"})
public final class CacheLsCommand extends ProgramCommand {
  @Mixin CacheOptions cache = new CacheOptions();

  @Mixin OutputOptions output = new OutputOptions();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Caches caches = cache.caches(program());
    Console console = program().console();
    List<CacheListing> listings = new ArrayList<>();
    for (Path root : caches.all()) {
      try {
        listings.add(CacheScan.scan(root));
      } catch (FailureException e) {
        if (!caches.others().contains(root)) {
          throw e;
        }
        listings.add(new CacheListing(root, List.of(), List.of(e.failure().what() + ": " + root)));
      }
    }
    if (output.json) {
      end(json(listings, caches));
    } else {
      for (CacheListing listing : listings) {
        listing.warnings().forEach(w -> console.tell("warning: " + w));
        table(listing, program().clock().instant());
      }
    }
    return ExitCode.OK.number();
  }

  private void table(CacheListing listing, Instant now) {
    Table table = new Table("SIZE", "REVISIONS", "CHANGED", "REPO").right(0).right(1);
    for (CachedRepo repo : listing.repos()) {
      table.row(
          Amounts.bytes(repo.bytes()),
          Integer.toString(repo.revisions().size()),
          Amounts.ago(Duration.between(repo.modified(), now)),
          repo.repo().toString());
      if (verbosity().atLeast(Verbosity.VERBOSE)) {
        repo.revisions().forEach(r -> table.line(line(r)));
        repo.unfinished().forEach(u -> table.line(line(u)));
      }
    }
    if (!listing.repos().isEmpty()) {
      program().console().out().print(table);
    }
    if (verbosity() != Verbosity.QUIET) {
      program()
          .console()
          .tell(
              (listing.repos().size() == 1 ? "1 repo, " : listing.repos().size() + " repos, ")
                  + Amounts.bytes(listing.bytes())
                  + " in "
                  + listing.root());
    }
  }

  private static String line(CachedRevision revision) {
    String refs =
        revision.refs().isEmpty() ? "no ref" : Printable.of(String.join(", ", revision.refs()));
    String broken =
        revision.broken().isEmpty() ? "" : ", " + revision.broken().size() + " broken links";
    return "    "
        + revision.commit()
        + " ("
        + refs
        + "): "
        + Amounts.files(revision.files())
        + ", "
        + Amounts.bytes(revision.bytes())
        + broken;
  }

  private static String line(Unfinished part) {
    return "    unfinished "
        + part.blob().hex().substring(0, 12)
        + ": "
        + Amounts.bytes(part.held())
        + (part.size() < 0 ? "" : " of " + Amounts.bytes(part.size()))
        + (part.ours() ? "" : ", of another client");
  }

  private static ObjectNode json(List<CacheListing> listings, Caches caches) {
    ObjectNode object =
        JsonOutput.ok()
            .put("cacheDir", listings.getFirst().root().toString())
            .put("bytes", listings.stream().mapToLong(CacheListing::bytes).sum());
    if (!caches.others().isEmpty()) {
      ArrayNode onlyRead = object.putArray("onlyRead");
      caches.others().forEach(o -> onlyRead.add(o.toString()));
    }
    ArrayNode repos = object.putArray("repos");
    for (CachedRepo cached : listings.stream().flatMap(l -> l.repos().stream()).toList()) {
      ObjectNode repo =
          repos
              .addObject()
              .put("repo", cached.repo().id())
              .put("repoType", cached.repo().type().word())
              .put("path", cached.path().toString())
              .put("bytes", cached.bytes())
              .put("modified", cached.modified().toString());
      ArrayNode revisions = repo.putArray("revisions");
      for (CachedRevision revision : cached.revisions()) {
        ObjectNode one =
            revisions
                .addObject()
                .put("commit", revision.commit().hex())
                .put("path", revision.path().toString())
                .put("files", revision.files())
                .put("bytes", revision.bytes())
                .put("broken", revision.broken().size());
        ArrayNode refs = one.putArray("refs");
        revision.refs().forEach(refs::add);
      }
      ArrayNode unfinished = repo.putArray("unfinished");
      for (Unfinished part : cached.unfinished()) {
        unfinished
            .addObject()
            .put("blob", part.blob().hex())
            .put("size", part.size())
            .put("held", part.held())
            .put("ours", part.ours());
      }
    }
    ArrayNode warnings = object.putArray("warnings");
    listings.forEach(l -> l.warnings().forEach(warnings::add));
    return object;
  }
}
