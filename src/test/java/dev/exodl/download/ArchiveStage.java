package dev.exodl.download;

import dev.exodl.emulator.HubRepo;
import dev.exodl.hub.HubSettings;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** Exports and imports of a stage; they ask no hub, so theirs is one that is not there. */
final class ArchiveStage {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

  private final SyncStage stage;

  ArchiveStage(SyncStage stage) {
    this.stage = stage;
  }

  SyncSettings settings() {
    return new SyncSettings(HubSettings.of(NOWHERE), stage.limits, false);
  }

  Path archive() {
    return stage.folder().resolve("model.tar");
  }

  ExportRequest exporting(HubRepo repo, Path cache, ExportRequest.To to) {
    return new ExportRequest(
        cache, new Repo(RepoType.MODEL, repo.id()), Revision.MAIN, SyncRequest.Selection.ALL, to);
  }

  ExportResult export(HubRepo repo, Path to) {
    return export(exporting(repo, stage.cache(), new ExportRequest.To.File(to)));
  }

  ExportResult export(ExportRequest request) {
    return new Export(settings(), stage.events()::add, new ProgressBoard()).run(request);
  }

  byte[] exported(HubRepo repo, Path cache) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    export(exporting(repo, cache, new ExportRequest.To.Stream(bytes)));
    return bytes.toByteArray();
  }

  ImportResult imported(Path archive, Path cache) {
    return imported(new ImportRequest(new ImportRequest.From.File(archive), cache, 0));
  }

  ImportResult imported(byte[] archive, Path cache) {
    return imported(
        new ImportRequest(
            new ImportRequest.From.Stream(new ByteArrayInputStream(archive)), cache, 0));
  }

  ImportResult imported(ImportRequest request) {
    return new Import(settings(), stage.events()::add, new ProgressBoard()).run(request);
  }

  /** A cache's files without the times, and without what only this program reads. */
  static Map<String, String> tree(Path cache) throws IOException {
    Map<String, String> tree = SyncStage.tree(cache);
    tree.keySet().removeIf(path -> path.contains("/.exo-dl"));
    tree.replaceAll((path, what) -> what.replaceFirst(" at .*", ""));
    return tree;
  }
}
