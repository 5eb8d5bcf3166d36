package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of our own files in a workshop. */
final class Names {
  /** {@code <etag>.<nonce>}: the folder of a part. */
  static final Pattern PART = Pattern.compile("([0-9a-f]{40}|[0-9a-f]{64})\\.([0-9a-f]{8})");

  /** {@code <etag>.<nonce>.silent}: a part whose owner may wake up. */
  static final Pattern SILENT =
      Pattern.compile("([0-9a-f]{40}|[0-9a-f]{64})\\.([0-9a-f]{8})\\.silent");

  static final Pattern OWNER = Pattern.compile("([0-9a-f]{40}|[0-9a-f]{64})\\.owner");
  static final Pattern DAMAGED =
      Pattern.compile("([0-9a-f]{40}|[0-9a-f]{64})\\.state\\.damaged-([0-9])");

  /** As Hugging Face's clients name what is not whole, in a cache and in a local dir. */
  private static final Pattern INCOMPLETE =
      Pattern.compile("(?:.*\\.)?([0-9a-f]{40}|[0-9a-f]{64})\\.incomplete");

  private static final Pattern BLOB = Pattern.compile("([0-9a-f]{40}|[0-9a-f]{64})\\.");

  /** {@code new.<machine>.<pid>.<nonce>}: on its way to its name. */
  private static final Pattern FRESH =
      Pattern.compile("new\\.([0-9a-f]{8})\\.([0-9]{1,18})\\.([0-9a-f]{8})");

  static final String LOCK = "lock";

  /** Is there where anybody may read the repo without a token. */
  static final String OPEN = "open";

  private Names() {}

  /** Is there where somebody else than the hub, such as an archive, told the commit's listing. */
  static String told(Commit commit) {
    return "told." + commit.hex();
  }

  static String nonce() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }

  static String part(BlobId blob, String nonce) {
    return blob.hex() + "." + nonce;
  }

  static String silent(BlobId blob, String nonce) {
    return part(blob, nonce) + ".silent";
  }

  static String owner(BlobId blob) {
    return blob.hex() + ".owner";
  }

  /** A name for a new file that no other process uses. */
  static String fresh() {
    return "new." + machine() + "." + ProcessIdentity.mine().pid() + "." + nonce();
  }

  private static String machine() {
    ProcessIdentity mine = ProcessIdentity.mine();
    return HexFormat.of().toHexDigits((mine.boot() + mine.pids()).hashCode());
  }

  static boolean isFresh(String name) {
    return FRESH.matcher(name).matches();
  }

  /**
   * Whether the name is that of a new file whose process has ended, as far as can be told from
   * here.
   */
  static boolean isAbandoned(String name) {
    Matcher fresh = FRESH.matcher(name);
    return fresh.matches()
        && fresh.group(1).equals(machine())
        && ProcessHandle.of(Long.parseLong(fresh.group(2))).isEmpty();
  }

  /** The hash of the blob that a file of ours is about. */
  static Optional<String> blob(String name) {
    Matcher blob = BLOB.matcher(name);
    return blob.lookingAt() ? Optional.of(blob.group(1)) : Optional.empty();
  }

  /**
   * The byte of the lock file that stands for a blob; two blobs share one with the odds of 1 to
   * 2^60.
   */
  static long lockPosition(BlobId blob) {
    return Long.parseLong(blob.hex().substring(0, 15), 16);
  }

  /** The blob of which a file of that name is the beginning, by the word of the hub's clients. */
  static Optional<BlobId> incomplete(String name) {
    Matcher found = INCOMPLETE.matcher(name);
    return found.matches() ? Optional.of(BlobId.of(found.group(1))) : Optional.empty();
  }
}
