package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreloadCommandTest {
  private static final Commit COMMIT = new Commit("c".repeat(40));
  private static final Commit OLD = new Commit("b".repeat(40));

  @TempDir Path root;

  private Path list;
  private Path lock;
  private final List<SyncRequest> asked = new ArrayList<>();

  @BeforeEach
  void places() throws IOException {
    root = root.toRealPath();
    list = root.resolve("models.yaml");
    lock = root.resolve("models.yaml.lock");
  }

  private Harness harness() {
    Harness harness = new Harness();
    harness.sync =
        s -> {
          asked.add(s.request());
          if (s.request().repo().id().equals("org/gone")) {
            throw new FailureException(
                new Failure.NotFound("there is no such repo", "org/gone", "see its name"));
          }
          Path at =
              switch (s.request().place()) {
                case SyncRequest.Place.Cache cache -> cache.root();
                case SyncRequest.Place.LocalDir dir -> dir.folder();
              };
          return new SyncResult(
              s.request().repo(),
              s.request().revision(),
              s.request().pinned().orElse(COMMIT),
              at,
              List.of(),
              List.of(),
              7,
              0,
              3,
              1,
              s.request().dryRun(),
              s.request().offline(),
              Duration.ofSeconds(1),
              List.of(),
              Optional.empty());
        };
    return harness;
  }

  private String told(String... args) {
    String[] all = new String[args.length + 2];
    all[0] = "preload";
    all[1] = list.toString();
    System.arraycopy(args, 0, all, 2, args.length);
    return harness().transcript(all).replace(root.toString(), "ROOT");
  }

  private void write(String text) throws IOException {
    Files.writeString(list, text);
  }

  @Test
  void modelsAreSyncedOneAfterTheOther() throws IOException {
    write(
        """
        models:
          - org/a
          - repo: org/b
            revision: v1
            include: '*.json'
            exclude: ['x/*', "y"]
            local-dir: here/b
          - {repo: org/c, type: dataset}
          - hf://datasets/org/d@refs/pr/3
        """);
    String text = told("--progress", "none") + told("-q", "--json");
    Golden.check("preload.txt", text);
    assertEquals(8, asked.size());
    assertEquals("org/a main", asked.get(0).repo() + " " + asked.get(0).revision());
    SyncRequest second = asked.get(1);
    assertEquals("v1", second.revision().name());
    assertEquals(
        new SyncRequest.Selection(List.of(), List.of("*.json"), List.of("x/*", "y")),
        second.selection());
    assertEquals(root.resolve("here/b"), ((SyncRequest.Place.LocalDir) second.place()).folder());
    assertEquals("datasets/org/c main", asked.get(2).repo() + " " + asked.get(2).revision());
    assertEquals("refs/pr/3", asked.get(3).revision().name());
  }

  @Test
  void allOthersAreFetchedWhenOneFails() throws IOException {
    write("models: [org/a, org/gone, org/b]");
    Golden.check("preload-partial.txt", told("--progress", "none") + told("-q", "--json"));
    assertEquals(6, asked.size());
    assertFalse(Files.exists(lock));
  }

  @Test
  void aLockPins() throws IOException {
    write("models:\n  - org/a@v1\n  - repo: org/b\n    type: space\n");
    String text = told("--lock", "--progress", "none");
    assertTrue(asked.stream().allMatch(SyncRequest::dryRun));
    text += Files.readString(lock);
    Files.writeString(lock, Files.readString(lock).replace(COMMIT.hex(), OLD.hex()));
    asked.clear();
    text += told("--locked", "-q") + told("-q");
    for (SyncRequest request : asked) {
      assertEquals(Optional.of(OLD), request.pinned());
      assertFalse(request.dryRun());
    }
    assertEquals(List.of("v1", "main", "v1", "main"), names());
    Golden.check("preload-lock.txt", text);
  }

  private List<String> names() {
    return asked.stream().map(request -> request.revision().name()).toList();
  }

  @Test
  void aLockThatDoesNotFitIsRefusedOrWarnedOf() throws IOException {
    write("models: [org/a, org/b]");
    String text = told("--locked");
    assertEquals(0, harness().run("preload", list.toString(), "--lock", "-q"));
    asked.clear();
    write("models: [org/a, org/b@v2]");
    text += told("--locked") + told("--progress", "none");
    assertEquals(Optional.of(COMMIT), asked.get(0).pinned());
    assertEquals(Optional.empty(), asked.get(1).pinned());
    write("models: [org/a]");
    text += told("--locked");
    write("models: [org/gone, org/a]");
    byte[] before = Files.readAllBytes(lock);
    text += told("--lock", "--progress", "none");
    assertEquals(new String(before), Files.readString(lock), "a failed --lock changes nothing");
    text += told("--lock", "--locked") + told("--lock", "--offline");
    for (String wrong :
        List.of(
            "version: '2'\nmodels: []",
            "models: []",
            "version: '1'\nmodels:\n  - repo: org/a\n    revision: main",
            "version: '1'\nmodels:\n  - {repo: org/a, type: model, revision: main, commit: main}")) {
      Files.writeString(lock, wrong);
      text += told();
    }
    Golden.check("preload-lock-not.txt", text);
  }

  @Test
  void filesAreLaidDownAsTheListSaysAndLockedTogether() throws IOException {
    write(
        """
        models:
          - {repo: org/a, layout: hf}
          - {repo: org/a, layout: exo}
          - {repo: org/a, layout: dir, local-dir: plain/a}
          - {repo: org/a, layout: exo, local-dir: exo}
          - {repo: org/b, local-dir: plain/b}
        """);
    assertEquals(0, harness().run("preload", list.toString(), "--lock", "-q"));
    assertEquals(2, Files.readString(lock).split("commit: ", -1).length - 1);
    Files.writeString(lock, Files.readString(lock).replace(COMMIT.hex(), OLD.hex()));
    asked.clear();
    Harness harness = harness();
    // The list says how files lie, and no setting.
    harness.environment.put("EXO_DL_LAYOUT", "exo");
    assertEquals(0, harness.run("preload", list.toString(), "--locked", "-q"));
    Path cache = Path.of("/home/me/.cache/huggingface/hub");
    assertEquals(
        List.of(
            new SyncRequest.Place.Cache(cache),
            new SyncRequest.Place.LocalDir(
                Path.of("/home/me/.local/share/exo/models/org--a"), cache),
            new SyncRequest.Place.LocalDir(root.resolve("plain/a"), cache),
            new SyncRequest.Place.LocalDir(root.resolve("exo/org--a"), cache),
            new SyncRequest.Place.LocalDir(root.resolve("plain/b"), cache)),
        asked.stream().map(SyncRequest::place).toList());
    assertTrue(asked.stream().allMatch(r -> r.pinned().equals(Optional.of(OLD))));
    assertTrue(harness.settings.reuse().memory().isPresent());
  }

  @Test
  void whatIsWrongWithALayoutIsToldWithItsLine() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String wrong :
        List.of(
            "models:\n  - repo: org/a\n    layout: hg",
            "models:\n  - repo: org/a\n    layout: [hf]",
            "models:\n  - repo: org/a\n    layout: dir",
            "models:\n  - repo: org/a\n    layout: hf\n    local-dir: x",
            "models:\n  - repo: org/a\n    type: dataset\n    layout: exo",
            "models:\n  - {repo: org/a, layout: exo}\n  - {repo: org/a, layout: exo}",
            "models:\n  - {repo: org/a, layout: exo}\n  - {repo: org/a@v2, layout: exo}",
            "models:\n  - {repo: org/a, layout: exo, local-dir: x}\n"
                + "  - {repo: org/b, local-dir: x/org--a}")) {
      write(wrong);
      text.append("# ").append(wrong.replace("\n", "\n# ")).append('\n').append(told());
    }
    Golden.check("preload-layout-not.txt", text.toString());
    assertEquals(List.of(), asked);
  }

  @Test
  void whatIsWrongInTheListIsToldWithItsLine() throws IOException {
    StringBuilder text = new StringBuilder(told());
    for (String wrong :
        List.of(
            "",
            "models",
            "models:",
            "models: []",
            "models: org/a",
            "modells: [org/a]",
            "models: [org/a]\nmodels: [org/b]",
            "models:\n  - repo: org/a\n    revison: v1",
            "models:\n  - repo: org/a\n    repo: org/b",
            "models:\n  - revision: v1",
            "models:\n  - org/a\n\n  - org/b\n  - org/a",
            "models:\n  - {repo: org/a, include: a}\n  - {repo: org/a, include: b}",
            "models:\n  - {repo: org/a, local-dir: x}\n  - {repo: org/b, local-dir: y/../x}",
            "models:\n  - repo: org/a\n    revision: 1.0",
            "models:\n  - repo: org/a\n    revision: [v1]",
            "models:\n  - repo: org/a@v1\n    revision: v2",
            "models:\n  - repo: org/a\n    revision: ../x",
            "models:\n  - repo: org/a/b/c",
            "models:\n  - repo: hf://org/a/file",
            "models:\n  - repo: org/a\n    type: modl",
            "models:\n  - repo: org/a\n    include: {a: b}",
            "models:\n  - repo: org/a\n    include: ['*.json', 3]",
            "models:\n  - repo: org/a\n    local-dir: ~/x",
            "models:\n  - repo: org/a\n    local-dir: ''",
            "models:\n  - [org/a]",
            "models:\n  - org/a: x\n   - y",
            "models: !!java.net.URL ['http://127.0.0.1/']",
            "a: &a [*a, *a]\nmodels: *a")) {
      write(wrong);
      text.append("# ").append(wrong.replace("\n", "\n# ")).append('\n').append(told());
    }
    Golden.check("preload-not.txt", text.toString());
    assertEquals(List.of(), asked);
  }
}
