package dev.exodl.download;

import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.store.Excerpts;
import dev.exodl.verify.ByteHash;
import dev.exodl.weights.Excerpt;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node takes of one weight file.
 *
 * @param of the weight file
 * @param as the new file, for whom counts bytes: its size is without holes, its blob the excerpt's
 *     id
 */
record ShardExcerpt(ShardForm form, Excerpt excerpt, RepoFile of, RepoFile as) {
  private static final Pattern NAME =
      Pattern.compile("(.*?)((?:-[0-9]+-of-[0-9]+)?\\.(?:safetensors|gguf))");

  /**
   * The excerpt under its name.
   *
   * @throws dev.exodl.model.FailureException integrity failure when the name would be too long
   */
  static ShardExcerpt of(ShardForm form, Excerpt excerpt, RepoFile of) {
    RepoPath path = form == ShardForm.RANGES ? partial(of.path()) : of.path();
    BlobId id = id(form, excerpt, of);
    return new ShardExcerpt(form, excerpt, of, new RepoFile(path, excerpt.spread().length(), id));
  }

  /** What has holes has a name that says so, and that those still know who go by its end. */
  static RepoPath partial(RepoPath path) {
    Matcher name = NAME.matcher(path.value());
    return name.matches()
        ? new RepoPath(name.group(1) + ".partial" + name.group(2))
        : new RepoPath(path.value() + ".partial");
  }

  /** The same for the same bytes at the same places of the same file, and for nothing else. */
  private static BlobId id(ShardForm form, Excerpt excerpt, RepoFile of) {
    ByteHash hash = ByteHash.fastest().sha256();
    StringBuilder text = new StringBuilder("exo-dl excerpt 1\n");
    text.append(form)
        .append('\n')
        .append(of.path())
        .append('\n')
        .append(of.blob().hex())
        .append('\n')
        .append(of.size());
    for (ByteRange range : excerpt.source().ranges()) {
      text.append('\n').append(range.offset()).append('-').append(range.end());
    }
    byte[] bytes = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    hash.update(bytes, 0, bytes.length);
    byte[] head = new byte[excerpt.headBytes()];
    excerpt.head(0, head, 0, head.length);
    hash.update(head, 0, head.length);
    return new BlobId.Sha256(hash.hex());
  }

  Excerpts.Wanted wanted() {
    return new Excerpts.Wanted(as.blob(), as.path(), excerpt.spread());
  }
}
