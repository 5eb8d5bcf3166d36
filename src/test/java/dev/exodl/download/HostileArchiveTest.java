package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What somebody made who means harm, or a line that breaks, is refused and leaves nothing. */
class HostileArchiveTest {
  private static final String COMMIT = "c".repeat(40);
  private static final byte[] DATA = "the weights".getBytes(StandardCharsets.UTF_8);
  private static final String HASH = sha256(DATA);

  @RegisterExtension final SyncStage stage = new SyncStage();

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String file(String path, long size, String blob) {
    return "{\"path\":\"%s\",\"size\":%d,\"blob\":\"%s\",\"included\":true}"
        .formatted(path, size, blob);
  }

  private static String contents(String... files) {
    return contentsOf("org/model", "main", COMMIT, files);
  }

  private static String contentsOf(String repo, String revision, String commit, String... files) {
    return ("{\"format\":\"exo-dl export\",\"version\":1,\"repo\":\"%s\",\"repoType\":\"model\","
            + "\"revision\":\"%s\",\"commit\":\"%s\",\"files\":[%s]}")
        .formatted(repo, revision, commit, String.join(",", files));
  }

  private static Tar tar(String contents) {
    return new Tar().file("exo-dl-export.json", contents.getBytes(StandardCharsets.UTF_8));
  }

  private static Tar usual() {
    return tar(contents(file("a.bin", DATA.length, HASH)));
  }

  private Failure refused(byte[] archive) throws IOException {
    Failure failure =
        assertThrows(
                FailureException.class,
                () -> new ArchiveStage(stage).imported(archive, stage.cache()))
            .failure();
    assertTrue(failure.line().lines().count() == 1, failure.line());
    assertEquals("", visible());
    return failure;
  }

  private void refused(byte[] archive, String why) throws IOException {
    Failure failure = refused(archive);
    assertInstanceOf(Failure.Integrity.class, failure, failure::line);
    assertEquals(13, failure.exitCode().number());
    assertTrue(failure.what().contains(why), failure.what());
  }

  /** Names in snapshots and refs, and whatever is outside of the cache. */
  private String visible() throws IOException {
    try (Stream<Path> all = Files.walk(stage.folder())) {
      return all
          .filter(p -> !Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))
          .map(p -> stage.folder().relativize(p).toString())
          .filter(
              p ->
                  !p.startsWith("cache/")
                      || p.contains("/snapshots/")
                      || p.contains("/refs/")
                      || p.contains("/blobs/"))
          .toList()
          .stream()
          .reduce("", (a, b) -> a + " " + b);
    }
  }

  @Test
  void aGoodOneIsTaken() throws IOException {
    byte[] good = usual().file("blobs/" + HASH, DATA).end();
    ImportResult result = new ArchiveStage(stage).imported(good, stage.cache());
    assertEquals("the weights", Files.readString(result.path().resolve("a.bin")));
  }

  @Test
  void entriesThatNoArchiveHas() throws IOException {
    for (String name :
        new String[] {
          "../../evil",
          "/etc/evil",
          "blobs/../../evil",
          "blobs/" + "d".repeat(64),
          "evil",
          "",
          "blobs/" + HASH + "/evil"
        }) {
      refused(usual().file(name, DATA).file("blobs/" + HASH, DATA).end(), "it has an entry '");
    }
    String blob = "blobs/" + HASH;
    refused(usual().header(blob, 0, '1').end(), "is a hard link, not a file");
    refused(usual().header(blob, 0, '2').end(), "is a symbolic link, not a file");
    refused(usual().header(blob, 0, '3').end(), "is a device, not a file");
    refused(usual().header(blob, 0, '4').end(), "is a device, not a file");
    refused(usual().header(blob, 0, '5').end(), "is a folder, not a file");
    refused(usual().header(blob, 0, '6').end(), "is a pipe, not a file");
    refused(usual().header(blob, 0, 'L').end(), "of a kind 'L'");
    refused(usual().header(blob, 0, 'g').end(), "of a kind 'g'");
  }

  @Test
  void sizesAndHashesThatDoNotFit() throws IOException {
    String blob = "blobs/" + HASH;
    refused(usual().file(blob, "the weightS".getBytes(StandardCharsets.UTF_8)).end(), "hash");
    refused(usual().file(blob, "the".getBytes(StandardCharsets.UTF_8)).end(), "has 3 bytes");
    refused(usual().header(blob, (1L << 33) - 1, '0').raw(DATA).end(), "has 8589934591 bytes");
    byte[] records = "28 size=9223372036854775807\n".getBytes(StandardCharsets.UTF_8);
    refused(
        usual().header("x", records.length, 'x').raw(records).header(blob, 0, '0').end(),
        "has the size '9223372036854775807'");
    byte[] path = "16 path=../evil\n".getBytes(StandardCharsets.UTF_8);
    refused(
        usual().header("x", path.length, 'x').raw(path).file(blob, DATA).end(), "a record 'path'");
    byte[] none = "99 size=1\n".getBytes(StandardCharsets.UTF_8);
    refused(usual().header("x", none.length, 'x').raw(none).end(), "records are none");
    refused(usual().header("x", 1L << 30, 'x').end(), "the records before an entry have");
    long huge = 1L << 50;
    Failure full = refused(tar(contents(file("a.bin", huge, HASH))).header(blob, 0, '0').end());
    assertInstanceOf(Failure.Storage.class, full, full::line);
    refused(
        tar(contents(file("a.bin", Long.MAX_VALUE, HASH), file("b.bin", Long.MAX_VALUE, HASH)))
            .end(),
        "more bytes than there are disks");
  }

  @Test
  void whatIsMissingOrThereTwice() throws IOException {
    refused(usual().end(), "1 of the blobs that its contents name are not in it");
    String two = contents(file("a.bin", DATA.length, HASH), file("a.bin", DATA.length, HASH));
    refused(tar(two).file("blobs/" + HASH, DATA).end(), "has 'a.bin' twice");
    String other = sha256("other".getBytes(StandardCharsets.UTF_8));
    String more = contents(file("a.bin", DATA.length, HASH), file("b.bin", 5, other));
    byte[] twice = tar(more).file("blobs/" + HASH, DATA).file("blobs/" + HASH, DATA).end();
    Failure failure =
        assertThrows(
                FailureException.class,
                () -> new ArchiveStage(stage).imported(twice, stage.cache()))
            .failure();
    assertTrue(failure.what().contains("or not twice"), failure.what());
  }

  @Test
  void anyCutIsToldAndLeavesNoRef() throws IOException {
    byte[] good = usual().file("blobs/" + HASH, DATA).end();
    for (int length = 0; length < good.length; length += 97) {
      byte[] cut = Arrays.copyOf(good, length);
      Failure failure =
          assertThrows(
                  FailureException.class,
                  () -> new ArchiveStage(stage).imported(cut, stage.cache()))
              .failure();
      assertEquals("the archive ends early", failure.what());
      assertTrue(!visible().contains("refs"), visible());
    }
  }

  @Test
  void whatIsNoArchive() throws IOException {
    refused(new byte[2000], "it is empty");
    refused(new Tar().file("readme.txt", DATA).end(), "does not begin with exo-dl-export.json");
    byte[] noise = new byte[4096];
    new java.util.Random(3).nextBytes(noise);
    refused(noise, "header is none");
    byte[] good = usual().file("blobs/" + HASH, DATA).end();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(good);
      gzip.write(noise);
    }
    refused(packed.toByteArray(), "it is compressed");
    refused(tar("{").end(), "no JSON");
    refused(tar("{}").end(), "not those of an export");
    refused(tar(contents().replace(":1,", ":2,")).end(), "of version 2");
    refused(new Tar().header("exo-dl-export.json", 1L << 31, '0').end(), "does not begin");
    byte[] more = Arrays.copyOf(good, good.length + 10);
    more[more.length - 1] = 1;
    Failure failure =
        assertThrows(
                FailureException.class, () -> new ArchiveStage(stage).imported(more, stage.cache()))
            .failure();
    assertTrue(failure.what().contains("more after its end"), failure.what());
  }

  @Test
  void namesInTheContents() throws IOException {
    String[] names = {"../evil", "/etc/evil", "a/../../evil", "a\\\\b", "a\\nb", "", "con"};
    for (String name : names) {
      refused(
          tar(contents(file(name, DATA.length, HASH))).file("blobs/" + HASH, DATA).end(),
          "refused the file name");
    }
    refused(
        tar(contents(file("a", DATA.length, HASH), file("a/b", DATA.length, HASH))).end(),
        "a file and a folder at once");
    refused(
        tar(contents(file("a", DATA.length, HASH), file("A", DATA.length, HASH))).end(),
        "only in case");
    refused(tar(contentsOf("../../evil", "main", COMMIT)).end(), "is not a repo id");
    refused(tar(contentsOf("org/model", "../../evil", COMMIT)).end(), "is not a revision");
    refused(tar(contentsOf("org/model", "main", "../evil")).end(), "not a commit");
    refused(tar(contentsOf("org/model", "a".repeat(40), COMMIT)).end(), "another commit");
    refused(tar(contents(file("a", 1, "../evil"))).end(), "not a git blob id");
    refused(tar(contents(file("a", -1, HASH))).end(), "size");
  }

  @Test
  void contentsDoNotFillTheMemory() throws IOException {
    // A tree of these would take most of a gigabyte.
    String nothing = "{},".repeat(10_000_000) + "{}";
    refused(tar("{\"more\":[" + nothing + "]}").end(), "not those of an export");
  }

  @Test
  void aLinkInTheWayIsNotFollowed() throws IOException {
    Path outside = Files.createDirectory(stage.folder().resolve("outside"));
    Path repo = Files.createDirectories(stage.cache().resolve("models--org--model"));
    Files.createSymbolicLink(repo.resolve("snapshots"), outside);
    byte[] good = usual().file("blobs/" + HASH, DATA).end();
    Failure failure =
        assertThrows(
                FailureException.class, () -> new ArchiveStage(stage).imported(good, stage.cache()))
            .failure();
    assertInstanceOf(Failure.Storage.class, failure);
    try (Stream<Path> in = Files.list(outside)) {
      assertEquals(0, in.count());
    }
    stage.forgetCache();
  }
}
