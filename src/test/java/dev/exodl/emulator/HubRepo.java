package dev.exodl.emulator;

import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A repo on the emulated hub. Files are staged with {@link #git} and {@link #lfs} and become
 * visible by {@link #commit}, which moves {@code main}. May be changed while it is being served.
 */
public final class HubRepo {

  private final String type;
  private final String id;
  private final TreeMap<String, Blob> staged = new TreeMap<>();
  private final Map<String, RepoCommit> commits = new LinkedHashMap<>();
  private final Map<String, String> refs = new LinkedHashMap<>();
  private final Set<String> allowedTokens = new HashSet<>();
  private @Nullable String gated;
  private @Nullable String renamedTo;
  private boolean isPrivate;
  private boolean disabled;
  private boolean xet = true;
  private boolean pointerSizes;
  private boolean gatedInfo;
  private String last = "0".repeat(40);

  HubRepo(String type, String id) {
    this.type = type;
    this.id = id;
  }

  /**
   * Stages a file kept in git (small text, as a rule). The path is not looked at: hostile ones are
   * welcome.
   */
  public synchronized HubRepo git(String path, RepoContent content) {
    staged.put(path, Blob.git(content));
    return this;
  }

  public HubRepo git(String path, String text) {
    return git(path, RepoContent.text(text));
  }

  /** Stages a file kept in LFS. */
  public synchronized HubRepo lfs(String path, RepoContent content) {
    staged.put(path, Blob.lfs(content, null));
    return this;
  }

  /**
   * Stages an LFS file with the sha256 that the hub is to claim: saves hashing a huge file, or
   * makes the hub lie.
   */
  public synchronized HubRepo lfs(String path, RepoContent content, String claimedSha256) {
    staged.put(path, Blob.lfs(content, claimedSha256));
    return this;
  }

  public synchronized HubRepo remove(String path) {
    staged.remove(path);
    return this;
  }

  /** Makes a commit of all staged files, moves {@code main} to it and gives its id. */
  public synchronized String commit(String title) {
    String sha = commitAside(title);
    refs.put("refs/heads/main", sha);
    return sha;
  }

  /**
   * Makes a commit that no branch points at yet; {@link #move} or a MoveRevision fault can reach
   * it.
   */
  public synchronized String commitAside(String title) {
    var text = new StringBuilder(last + title);
    staged.forEach((path, blob) -> text.append('\n').append(path).append(' ').append(blob.size()));
    last = Blob.hash("SHA-1", text.toString());
    var date = Instant.parse("2026-08-01T12:00:00Z").plusSeconds(commits.size() * 60L);
    commits.put(
        last,
        new RepoCommit(
            last, title, date, Collections.unmodifiableSortedMap(new TreeMap<>(staged))));
    return last;
  }

  /**
   * Lets a branch ({@code name}) or full ref ({@code refs/…}) point at a commit; makes it if need
   * be.
   */
  public synchronized HubRepo move(String ref, String commit) {
    refs.put(ref.startsWith("refs/") ? ref : "refs/heads/" + ref, commit);
    return this;
  }

  public HubRepo tag(String name, String commit) {
    return move("refs/tags/" + name, commit);
  }

  /** Only tokens given by {@link #allow} see that it exists. */
  public synchronized HubRepo makePrivate() {
    isPrivate = true;
    return this;
  }

  /** Files need a token given by {@link #allow}; {@code how} is {@code auto} or {@code manual}. */
  public synchronized HubRepo gate(String how) {
    gated = how;
    return this;
  }

  /** Refuses information and tree of a gated repo too, as the hub did in 2024. */
  public synchronized HubRepo gateInfoToo() {
    gatedInfo = true;
    return this;
  }

  public synchronized HubRepo allow(String token) {
    allowedTokens.add(token);
    return this;
  }

  public synchronized HubRepo disable() {
    disabled = true;
    return this;
  }

  /** Every request is answered 307 to the same thing under the new id. */
  public synchronized HubRepo renameTo(String newId) {
    renamedTo = newId;
    return this;
  }

  /** LFS files without any trace of Xet storage. */
  public synchronized HubRepo withoutXet() {
    xet = false;
    return this;
  }

  /** Tree rows of LFS files show the pointer's size at the top, as some clients have seen. */
  public synchronized HubRepo showPointerSizes() {
    pointerSizes = true;
    return this;
  }

  /** {@code models}, {@code datasets}, {@code spaces} or {@code kernels}. */
  public String type() {
    return type;
  }

  public String id() {
    return id;
  }

  /** The commit that {@code main} is at. */
  public synchronized RepoCommit head() {
    var head = find("main");
    if (head == null) {
      throw new IllegalStateException(id + " has no commit yet: call commit(title)");
    }
    return head;
  }

  /** The blob at a path of {@code main}. */
  public Blob blob(String path) {
    var blob = head().files().get(path);
    if (blob == null) {
      throw new IllegalArgumentException(id + " has no file " + path);
    }
    return blob;
  }

  /** Sum of all file sizes of {@code main}, in bytes. */
  public long totalSize() {
    return head().files().values().stream().mapToLong(Blob::size).sum();
  }

  /** Commit of a branch, tag, full ref or commit id; null if there is none. */
  synchronized @Nullable RepoCommit find(String revision) {
    for (var name : new String[] {revision, "refs/heads/" + revision, "refs/tags/" + revision}) {
      var sha = refs.get(name);
      if (sha != null) {
        return commits.get(sha);
      }
    }
    return commits.get(revision);
  }

  synchronized Map<String, String> refs() {
    return new LinkedHashMap<>(refs);
  }

  synchronized @Nullable String gated() {
    return gated;
  }

  synchronized @Nullable String renamedTo() {
    return renamedTo;
  }

  synchronized boolean isPrivate() {
    return isPrivate;
  }

  synchronized boolean isDisabled() {
    return disabled;
  }

  synchronized boolean isAllowed(@Nullable String token) {
    return token != null && allowedTokens.contains(token);
  }

  synchronized boolean hasXet() {
    return xet;
  }

  synchronized boolean showsPointerSizes() {
    return pointerSizes;
  }

  synchronized boolean gatesInfo() {
    return gated != null && gatedInfo;
  }

  /** Prefix in file URLs: empty for models, {@code datasets/} and so on for the others. */
  String prefix() {
    return type.equals("models") ? "" : type + "/";
  }
}
