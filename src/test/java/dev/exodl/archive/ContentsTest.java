package dev.exodl.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.ExitCode;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContentsTest {
  private static final String HASH = "a".repeat(64);

  private static Contents of(List<RepoFile> listing, Set<RepoPath> chosen) {
    return new Contents(
        new Repo(RepoType.DATASET, "org/name"),
        new Revision("refs/pr/3"),
        new Commit("c".repeat(40)),
        listing,
        chosen);
  }

  private static RepoFile file(String path, long size) {
    return new RepoFile(new RepoPath(path), size, new BlobId.Sha256(HASH));
  }

  @Test
  void whatIsWrittenIsRead() {
    Contents contents = of(List.of(file("b", 7), file("a \u00e9\"", 7)), Set.of(new RepoPath("b")));
    assertEquals(contents, Contents.decode(contents.encode()));
  }

  @Test
  void whatIsNotKnownIsPassedOver() {
    Contents contents = of(List.of(file("b", 7)), Set.of());
    String text = new String(contents.encode(), StandardCharsets.UTF_8);
    String more =
        text.replace("{\"path\"", "{\"x\":{\"path\":[1]},\"path\"")
            .replace("\"files\"", "\"y\":[{\"files\":1}],\"files\"");
    assertEquals(contents, Contents.decode(more.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void noArchiveIsMadeThatNoImportWouldRead() {
    of(List.of(file("b", 7)), Set.of()).checkLength();
    String folder = ("x".repeat(200) + "/").repeat(14);
    List<RepoFile> many = IntStream.range(0, 24_000).mapToObj(i -> file(folder + i, 7)).toList();
    FailureException e =
        assertThrows(FailureException.class, () -> of(many, Set.of()).checkLength());
    assertEquals(ExitCode.USAGE, e.failure().exitCode());
  }
}
