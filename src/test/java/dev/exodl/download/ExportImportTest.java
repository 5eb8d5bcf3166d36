package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Revision;
import dev.exodl.store.CacheInvariants;
import dev.exodl.store.CacheRemove;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A snapshot goes into one file, and out of it into another cache. */
class ExportImportTest {
  private static final int MIB = SyncStage.MIB;

  @RegisterExtension final SyncStage stage = new SyncStage();
  private final ArchiveStage archives = new ArchiveStage(stage);
  private HubRepo repo;
  private Path archive;
  private Path other;

  @BeforeEach
  void fetch() throws IOException {
    repo = stage.hub().model("org/model");
    repo.git("config.json", "{}").git("deep/er/tokenizer.json", "[1, 2]").git("empty.txt", "");
    repo.lfs("model.bin", RepoContent.random(1, 12 * MIB + 5));
    repo.lfs("copy of model.bin", RepoContent.random(1, 12 * MIB + 5));
    repo.lfs("small.bin", RepoContent.random(2, 3 * MIB)).commit("first");
    stage.syncsWhole(repo);
    archive = archives.archive();
    other = stage.folder().resolve("other");
  }

  private static Failure fails(org.junit.jupiter.api.function.Executable what) {
    return assertThrows(FailureException.class, what).failure();
  }

  private int at(String path) throws IOException {
    byte[] name = ("blobs/" + repo.blob(path).etag()).getBytes();
    byte[] all = Files.readAllBytes(archive);
    for (int i = 0; i < all.length; i += 512) {
      if (Arrays.equals(all, i, i + name.length, name, 0, name.length)) {
        return i + 512;
      }
    }
    throw new AssertionError("not in the archive: " + path);
  }

  @Test
  void anImportGivesTheSameCacheVerified() throws IOException {
    archives.export(repo, archive);
    stage.hub().close();
    ImportResult result = archives.imported(archive, other);
    assertEquals(6, result.placed().size());
    assertEquals(ArchiveStage.tree(stage.cache()), ArchiveStage.tree(other));
    SyncStage.assertWhole(repo, result.path());
    CacheInvariants.checkFinished(other);
    VerifyResult verified =
        new Verify(archives.settings(), e -> {}, new ProgressBoard())
            .run(
                new VerifyRequest.Snapshot(
                    result.repo(), Revision.MAIN, new SyncRequest.Place.Cache(other), true));
    assertEquals(6, verified.count(VerifyResult.Verdict.Right.class));
    SyncResult offline = stage.sync(stage.asking(repo).cache(other).offline().request());
    assertEquals(List.of(), offline.missing());
  }

  @Test
  void twoExportsAreTheSameBytes() throws IOException {
    archives.export(repo, archive);
    byte[] first = Files.readAllBytes(archive);
    archives.imported(archive, other);
    assertArrayEquals(first, archives.exported(repo, other));
    archives.export(repo, archive);
    assertArrayEquals(first, Files.readAllBytes(archive));
    assertEquals(
        List.of(),
        SyncStage.tree(stage.folder()).keySet().stream()
            .filter(p -> p.endsWith(".exo-dl"))
            .filter(p -> !p.contains("/"))
            .toList());
  }

  @Test
  void anExportReadsBackWhatARunBeforeHasWritten() throws IOException {
    archives.export(repo, archive);
    byte[] whole = Files.readAllBytes(archive);
    Files.delete(archive);
    Path unfinished = stage.folder().resolve(".model.tar.exo-dl");
    Files.write(unfinished, Arrays.copyOf(whole, whole.length - 700_000));
    ExportResult went = archives.export(repo, archive);
    assertTrue(went.bytesKept() > 0, () -> "kept " + went.bytesKept());
    assertArrayEquals(whole, Files.readAllBytes(archive));
    assertFalse(Files.exists(unfinished));

    byte[] wrong = whole.clone();
    wrong[at("model.bin") + 7] ^= 1;
    Files.write(unfinished, wrong);
    ExportResult mended = archives.export(repo, archive);
    assertTrue(mended.bytesKept() < went.files().getLast().size() + 12 * MIB);
    assertArrayEquals(whole, Files.readAllBytes(archive));

    Files.write(unfinished, new byte[3 * MIB]);
    assertEquals(0, archives.export(repo, archive).bytesKept());
    assertArrayEquals(whole, Files.readAllBytes(archive));
  }

  @Test
  void anExportThatIsStoppedGoesOn() throws IOException {
    archives.export(repo, archive);
    byte[] whole = Files.readAllBytes(archive);
    Files.delete(archive);
    AtomicReference<Export> running = new AtomicReference<>();
    ProgressBoard board = new ProgressBoard();
    running.set(new Export(archives.settings(), e -> {}, board));
    running.get().stop();
    assertThrows(
        CancellationException.class,
        () ->
            running
                .get()
                .run(archives.exporting(repo, stage.cache(), new ExportRequest.To.File(archive))));
    assertFalse(Files.exists(archive));
    archives.export(repo, archive);
    assertArrayEquals(whole, Files.readAllBytes(archive));
  }

  @Test
  void anImportGoesOnWithoutReadingWhatItHas() throws IOException {
    archives.export(repo, archive);
    byte[] whole = Files.readAllBytes(archive);
    int cut = at("model.bin") + 7 * MIB;
    Files.write(archive, Arrays.copyOf(whole, cut));
    Failure early = fails(() -> archives.imported(archive, other));
    assertInstanceOf(Failure.Integrity.class, early);
    assertEquals("the archive ends early", early.what());
    CacheInvariants.check(other);
    Path folder = other.resolve("models--org--model");
    assertFalse(Files.exists(folder.resolve("blobs").resolve(repo.blob("model.bin").etag())));
    assertFalse(Files.exists(folder.resolve("refs/main")), "a ref before all is there");

    // What is held is damaged in the archive: who reads it again would see that.
    Arrays.fill(whole, cut - 7 * MIB, cut - MIB, (byte) 0);
    Files.write(archive, whole);
    ImportResult result = archives.imported(archive, other);
    SyncStage.assertWhole(repo, result.path());
    CacheInvariants.checkFinished(other);

    // What is placed too: of a whole import nothing is read, or written, again.
    Arrays.fill(whole, cut - 7 * MIB, cut + 5 * MIB, (byte) 0);
    Files.write(archive, whole);
    assertEquals(List.of(), archives.imported(archive, other).placed());
    assertEquals(ArchiveStage.tree(stage.cache()), ArchiveStage.tree(other));
  }

  @Test
  void anImportThatIsStoppedGoesOnThroughAPipeToo() throws IOException {
    byte[] whole = archives.exported(repo, stage.cache());
    AtomicReference<Import> running = new AtomicReference<>();
    running.set(new Import(archives.settings(), e -> {}, new ProgressBoard()));
    InputStream in =
        new FilterInputStream(new ByteArrayInputStream(whole)) {
          private int read;
          private boolean stopping;

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            if (read > 9 * MIB && !stopping) {
              stopping = true;
              Thread.ofPlatform().start(() -> running.get().stop());
              Thread.yield();
            }
            int got = super.read(into, from, Math.min(length, 4096));
            read += got;
            return got;
          }
        };
    assertThrows(
        CancellationException.class,
        () -> running.get().run(new ImportRequest(new ImportRequest.From.Stream(in), other, 0)));
    CacheInvariants.check(other);
    ImportResult result = archives.imported(whole, other);
    SyncStage.assertWhole(repo, result.path());
    CacheInvariants.checkFinished(other);
  }

  @Test
  void onlySomeFilesMayBeExported() throws IOException {
    ExportRequest all = archives.exporting(repo, stage.cache(), new ExportRequest.To.File(archive));
    archives.export(
        new ExportRequest(
            all.caches(),
            all.repo(),
            all.revision(),
            new SyncRequest.Selection(List.of(), List.of("*.json"), List.of()),
            all.to()));
    ImportResult result = archives.imported(archive, other);
    assertEquals(2, result.files().size());
    assertInstanceOf(
        Failure.Partial.class, stage.fails(stage.asking(repo).cache(other).offline().request()));
    assertEquals(
        2,
        stage
            .sync(stage.asking(repo).cache(other).offline().include("*.json").request())
            .files()
            .size());
  }

  @Test
  void whatIsNotHereWholeIsNotExported() throws IOException {
    Files.delete(stage.inCache(repo).resolve("blobs").resolve(repo.blob("small.bin").etag()));
    Failure partial = fails(() -> archives.export(repo, archive));
    assertInstanceOf(Failure.Partial.class, partial);
    assertTrue(partial.what().startsWith("1 of 6 files are not here"), partial.what());
    Failure unknown = fails(() -> archives.export(stage.hub().model("org/none"), archive));
    assertInstanceOf(Failure.NotFound.class, unknown);
    stage.sync(repo);
    stage.forgetCache();
    assertInstanceOf(Failure.NotFound.class, fails(() -> archives.export(repo, archive)));
    assertFalse(Files.exists(archive));
  }

  @Test
  void aDamagedBlobIsNotExported() throws IOException {
    Path blob = stage.inCache(repo).resolve("blobs").resolve(repo.blob("small.bin").etag());
    byte[] bytes = Files.readAllBytes(blob);
    bytes[MIB] ^= 4;
    Files.write(blob, bytes);
    assertInstanceOf(Failure.Integrity.class, fails(() -> archives.export(repo, archive)));
    assertFalse(Files.exists(archive));
    stage.forgetCache();
  }

  @Test
  void theHubsListingIsNotPutAsideForAnArchives() throws IOException {
    archives.export(repo, archive);
    byte[] whole = Files.readAllBytes(archive);
    String text = new String(whole, java.nio.charset.StandardCharsets.ISO_8859_1);
    Files.write(
        archive,
        text.replaceFirst("\"config.json\"", "\"confic.json\"")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    Failure refused = fails(() -> archives.imported(archive, stage.cache()));
    assertInstanceOf(Failure.Integrity.class, refused);
    assertTrue(refused.what().contains("lists other files"), refused.what());
  }

  @Test
  void theReadersAreWhatTarReads() throws Exception {
    archives.export(repo, archive);
    String tar = run("tar", "--list", "--file", archive.toString());
    List<String> names = tar.lines().toList();
    assertEquals("exo-dl-export.json", names.getFirst());
    assertEquals(6, names.size(), names::toString);
    assertEquals(names.stream().skip(1).sorted().toList(), names.subList(1, 6));
    Path folder = Files.createDirectory(stage.folder().resolve("unpacked"));
    run("tar", "-C", folder.toString(), "-xf", archive.toString());
    for (String format : List.of("ustar", "gnu", "pax")) {
      Path again = stage.folder().resolve(format + ".tar");
      run(
          "tar",
          "-C",
          folder.toString(),
          "--format",
          format,
          "-cf",
          again.toString(),
          "exo-dl-export.json",
          names.get(3),
          names.get(1),
          names.get(2),
          names.get(5),
          names.get(4));
      Path cache = stage.folder().resolve("cache of " + format);
      SyncStage.assertWhole(repo, archives.imported(again, cache).path());
    }
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String told = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), told);
    return told;
  }

  @Test
  void whatIsNoPlainFileIsNotReplacedAndALinkIsFollowed() throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", archive.toString()).start().waitFor());
    Object pipe = Files.getAttribute(archive, "unix:ino");
    Failure failure = fails(() -> archives.export(repo, archive));
    assertInstanceOf(Failure.Storage.class, failure);
    assertTrue(failure.what().contains("no plain file"), failure.line());
    assertEquals(pipe, Files.getAttribute(archive, "unix:ino"));
    assertFalse(Files.exists(stage.folder().resolve(".model.tar.exo-dl")));
    Files.delete(archive);

    Path real = Files.createFile(Files.createDirectory(other).resolve("real.tar"));
    Files.createSymbolicLink(archive, real);
    archives.export(repo, archive);
    assertTrue(Files.isSymbolicLink(archive));
    assertArrayEquals(archives.exported(repo, stage.cache()), Files.readAllBytes(real));
  }

  @Test
  void aBlobThatIsTakenAwayMeanwhileIsNotTheArchivesFault() throws IOException {
    Path blobs = stage.inCache(repo).resolve("blobs");
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            Files.deleteIfExists(blobs.resolve(repo.blob("model.bin").etag()));
          }
        };
    Failure failure =
        fails(
            () ->
                archives.export(
                    archives.exporting(repo, stage.cache(), new ExportRequest.To.Stream(out))));
    assertInstanceOf(Failure.Storage.class, failure);
    assertEquals("cannot read the copy on this disk: it is gone", failure.what());
    stage.forgetCache();
  }

  @Test
  void aRefThatAnArchiveMovesIsTold() throws IOException {
    archives.export(repo, archive);
    repo.git("config.json", "{\"new\": 1}").commit("second");
    stage.sync(repo);
    archives.imported(archive, other);
    assertEquals(List.of(), stage.events(SyncEvent.Warning.class));
    archives.imported(archive, stage.cache());
    String told = stage.events(SyncEvent.Warning.class).getFirst().text();
    assertTrue(told.contains("main was commit " + repo.head().sha().substring(0, 7)), told);
  }

  @Test
  void aFileOfSomebodyElseInThePlaceOfAnUnfinishedArchiveIsNotWrittenTo() throws IOException {
    Path unfinished = stage.folder().resolve(".model.tar.exo-dl");
    Path precious = Files.writeString(stage.folder().resolve("precious"), "precious");
    Files.createLink(unfinished, precious);
    assertInstanceOf(Failure.Storage.class, fails(() -> archives.export(repo, archive)));
    assertEquals("precious", Files.readString(precious));
    Files.delete(unfinished);
    Files.createSymbolicLink(unfinished, precious);
    assertInstanceOf(Failure.Storage.class, fails(() -> archives.export(repo, archive)));
    assertEquals("precious", Files.readString(precious));
    Files.delete(unfinished);
    Files.writeString(unfinished, "yours");
    try {
      Files.setAttribute(unfinished, "unix:uid", 12345);
    } catch (IOException e) {
      System.out.println("only root gives files away: that those of others are left is not seen");
      return;
    }
    assertInstanceOf(Failure.Storage.class, fails(() -> archives.export(repo, archive)));
    assertEquals("yours", Files.readString(unfinished));
  }

  /** Somebody else's model under the name and commit of the repo. */
  private byte[] forged() {
    byte[] evil = "{\"evil\": 1}".getBytes(StandardCharsets.UTF_8);
    String hash = sha1("blob " + evil.length + "\0{\"evil\": 1}");
    String contents =
        ("{\"format\":\"exo-dl export\",\"version\":1,\"repo\":\"org/model\",\"repoType\":\"model\","
                + "\"revision\":\"main\",\"commit\":\"%s\",\"files\":[{\"path\":\"config.json\","
                + "\"size\":%d,\"blob\":\"%s\",\"included\":true}]}")
            .formatted(repo.head().sha(), evil.length, hash);
    return new Tar()
        .file("exo-dl-export.json", contents.getBytes(StandardCharsets.UTF_8))
        .file("blobs/" + hash, evil)
        .end();
  }

  private static String sha1(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void thatAnArchiveToldItGoesWithTheRevision() throws IOException {
    archives.imported(forged(), other);
    Path folder = other.resolve("models--org--model/.exo-dl");
    String first = repo.head().sha();
    repo.git("config.json", "{\"new\": 1}").commit("second");
    stage.sync(stage.asking(repo).cache(other).request());
    CacheRemove.revision(other, stage.asking(repo).request().repo(), first).carryOut();
    try (var left = Files.list(folder)) {
      assertEquals(
          List.of(), left.filter(p -> p.getFileName().toString().startsWith("told")).toList());
    }
    CacheInvariants.checkFinished(other);
  }

  @Test
  void whatAnArchiveListsCountsUntilTheHubIsAsked() throws IOException {
    Path at = archives.imported(forged(), other).path();
    assertEquals("{\"evil\": 1}", Files.readString(at.resolve("config.json")));
    assertEquals(1, stage.sync(stage.asking(repo).cache(other).offline().request()).files().size());
    VerifyRequest asked =
        new VerifyRequest.Snapshot(
            stage.asking(repo).request().repo(),
            Revision.MAIN,
            new SyncRequest.Place.Cache(other),
            false);
    VerifyResult verified =
        new Verify(
                new SyncSettings(stage.settings, stage.limits, false), e -> {}, new ProgressBoard())
            .run(asked);
    assertEquals(1, verified.count(VerifyResult.Verdict.Wrong.class));
    Path told = other.resolve("models--org--model/.exo-dl/told." + repo.head().sha());
    assertTrue(Files.exists(told));
    // Another archive is not held to it either.
    archives.imported(archives.exported(repo, stage.cache()), other);
    archives.imported(forged(), other);
    assertEquals(at, stage.sync(stage.asking(repo).cache(other).request()).path());
    SyncStage.assertWhole(repo, at);
    assertFalse(Files.exists(told));
    Failure failure = fails(() -> archives.imported(forged(), other));
    assertTrue(failure.what().contains("than the hub did here"), failure.line());
  }
}
