package dev.exodl.download;

import dev.exodl.emulator.HubRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Folders as other programs keep them, with files of a repo. */
record OtherStores(Path folder) {
  /** As Ollama names it. */
  Path ollama(HubRepo repo, String file) throws IOException {
    return write(ollama().resolve("sha256-" + repo.blob(file).sha256()), bytes(repo, file));
  }

  Path ollama() {
    return folder.resolve("ollama").resolve("blobs");
  }

  /** As exo lays it down. */
  Path exo(HubRepo repo, String file) throws IOException {
    return write(exo().resolve(repo.id().replace("/", "--")).resolve(file), bytes(repo, file));
  }

  Path exo() {
    return folder.resolve("exo");
  }

  static byte[] bytes(HubRepo repo, String file) {
    return repo.blob(file).content().bytes();
  }

  static Path write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  /** Until a later write would show in the times of all that was written. */
  static void settle() throws InterruptedException {
    Thread.sleep(200);
  }

  /** Every file with its time and its content's hash. */
  Map<String, String> all() throws IOException {
    Map<String, String> all = new TreeMap<>(SyncStage.tree(folder));
    for (Map.Entry<String, String> entry : all.entrySet()) {
      Path path = folder.resolve(entry.getKey());
      if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        entry.setValue(entry.getValue() + " " + sha256(Files.readAllBytes(path)));
      }
    }
    return all;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
