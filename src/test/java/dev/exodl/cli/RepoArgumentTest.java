package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.exodl.model.FailureException;
import dev.exodl.model.RepoType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepoArgumentTest {
  @ParameterizedTest
  @CsvSource({
    "org/name, org/name, -, -",
    "gpt2, gpt2, -, -",
    "org/name@v1, org/name, v1, -",
    "org/name@refs/pr/3, org/name, refs/pr/3, -",
    "datasets/org/name, datasets/org/name, -, -",
    "hf://org/name, org/name, -, -",
    "hf://gpt2, gpt2, -, -",
    "hf://models/org/name, org/name, -, -",
    "hf://datasets/squad, datasets/squad, -, -",
    "hf://datasets/org/name@dev, datasets/org/name, dev, -",
    "hf://spaces/org/name/app.py, spaces/org/name, -, app.py",
    "hf://org/name@refs/pr/3/a/b.json, org/name, refs/pr/3, a/b.json",
    "hf://org/name@refs%2Fpr%2F3/a, org/name, refs/pr/3, a",
    "hf://org/name@v1/dir/, org/name, v1, dir/",
    "hf://org/name/a@b.txt, org/name, -, a@b.txt",
    "hf://org/name/, org/name, -, -",
  })
  void readsWhatUsersWrite(String text, String repo, String revision, String path) {
    RepoArgument read = RepoArgument.of(text, null, null);
    assertEquals(repo, read.repo().toString());
    assertEquals(revision, read.revision().map(r -> r.name()).orElse("-"));
    assertEquals(path, read.path().orElse("-"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a/b/c",
        "org/name@",
        "hf://org/name@",
        "hf://",
        "https://huggingface.co/a/b",
        "../x",
        "a b"
      })
  void refusesTheRest(String text) {
    assertThrows(FailureException.class, () -> RepoArgument.of(text, null, null));
  }

  @Test
  void optionsMustNotContradict() {
    assertEquals("v1", RepoArgument.of("a/b@v1", null, "v1").revision().orElseThrow().name());
    assertThrows(FailureException.class, () -> RepoArgument.of("a/b@v1", null, "v2"));
    assertThrows(
        FailureException.class, () -> RepoArgument.of("hf://datasets/a/b", RepoType.MODEL, null));
    assertEquals(RepoType.SPACE, RepoArgument.of("a/b", RepoType.SPACE, null).repo().type());
  }
}
