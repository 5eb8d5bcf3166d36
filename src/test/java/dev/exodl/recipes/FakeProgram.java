package dev.exodl.recipes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that writes down how it was called, in the place of one that is not here. */
public record FakeProgram(Path file) {
  /** Makes one that ends with 0. */
  public static FakeProgram in(Path bin, String name) throws IOException {
    Path file = bin.resolve(name);
    Files.writeString(
        file,
        """
        #!/bin/sh
        printf '%s\\n' "$*" >>"$0.calls"
        env | sort >"$0.env"
        [ ! -f "$0.answer" ] || cat "$0.answer"
        [ -f "$0.codes" ] || exit 0
        read -r code rest <"$0.codes"
        echo "$rest" >"$0.codes"
        exit "${code:-0}"
        """);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
    return new FakeProgram(file);
  }

  private Path beside(String what) {
    return file.resolveSibling(file.getFileName() + what);
  }

  /** Lets it end with these codes, one after the other, with spaces between them. */
  FakeProgram ending(String codes) throws IOException {
    Files.writeString(beside(".codes"), codes + "\n");
    return this;
  }

  /** Lets it print this. */
  FakeProgram answering(String text) throws IOException {
    Files.writeString(beside(".answer"), text);
    return this;
  }

  /** The arguments of each call. */
  public List<String> calls() throws IOException {
    return said().lines().toList();
  }

  String said() throws IOException {
    Path calls = beside(".calls");
    return Files.exists(calls) ? Files.readString(calls) : "";
  }

  /** The environment of the last call, a line each. */
  public List<String> environment() throws IOException {
    return Files.readAllLines(beside(".env"));
  }
}
