package dev.exodl.emulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Repo information, refs, xet token and whoami. */
final class ApiEndpoints {

  private final Origins origins;
  private final Map<String, String> tokens;

  /**
   * @param tokens user name by token
   */
  ApiEndpoints(Origins origins, Map<String, String> tokens) {
    this.origins = origins;
    this.tokens = tokens;
  }

  Answer info(Request request, HubRepo repo, RepoCommit commit) {
    var all = new LinkedHashMap<String, @Nullable Object>();
    all.put("_id", commit.sha().substring(0, 24));
    all.put("id", repo.id());
    if (repo.type().equals("models")) {
      all.put("modelId", repo.id());
    }
    all.put(
        "author", repo.id().contains("/") ? repo.id().substring(0, repo.id().indexOf('/')) : null);
    all.put("sha", commit.sha());
    all.put("lastModified", commit.date().toString().replace("Z", ".000Z"));
    all.put("private", repo.isPrivate());
    all.put("gated", repo.gated() == null ? false : repo.gated());
    all.put("disabled", repo.isDisabled());
    all.put("tags", List.of("safetensors", "region:us"));
    all.put("cardData", Map.of("license", "apache-2.0"));
    all.put("siblings", siblings(commit, request.flag("blobs")));
    all.put("usedStorage", commit.files().values().stream().mapToLong(Blob::size).sum());
    all.put("fieldOfTheFuture", Map.of("unknown", List.of(1, 2)));
    if (request.flag("securityStatus")) {
      all.put("securityRepoStatus", Map.of("scansDone", true, "filesWithIssues", List.of()));
    }
    var wanted = new TreeSet<>(request.params("expand"));
    wanted.addAll(request.params("expand[]"));
    if (!wanted.isEmpty()) {
      wanted.add("_id");
      wanted.add("id");
      all.keySet().retainAll(wanted);
    }
    return Answer.json(all);
  }

  private static List<Map<String, Object>> siblings(RepoCommit commit, boolean blobs) {
    var rows = new ArrayList<Map<String, Object>>();
    commit
        .files()
        .forEach(
            (path, blob) -> {
              var row = new LinkedHashMap<String, Object>();
              row.put("rfilename", path);
              if (blobs) {
                row.put("size", blob.size());
                row.put("blobId", blob.oid());
                if (blob.isLfs()) {
                  row.put(
                      "lfs",
                      Map.of(
                          "sha256",
                          blob.sha256(),
                          "size",
                          blob.size(),
                          "pointerSize",
                          blob.pointer().length));
                }
              }
              rows.add(row);
            });
    return rows;
  }

  Answer refs(Request request, HubRepo repo) {
    var branches = new ArrayList<Map<String, String>>();
    var tags = new ArrayList<Map<String, String>>();
    var converts = new ArrayList<Map<String, String>>();
    var pulls = new ArrayList<Map<String, String>>();
    repo.refs()
        .forEach(
            (ref, commit) -> {
              var into =
                  ref.startsWith("refs/heads/")
                      ? branches
                      : ref.startsWith("refs/tags/")
                          ? tags
                          : ref.startsWith("refs/convert/") ? converts : pulls;
              var name = ref.replaceFirst("^refs/(heads|tags|convert|pr)/", "");
              into.add(Map.of("name", name, "ref", ref, "targetCommit", commit));
            });
    var all = new LinkedHashMap<String, Object>();
    all.put("branches", branches);
    all.put("tags", tags);
    all.put("converts", converts);
    if (request.flag("include_prs")) {
      all.put("pullRequests", pulls);
    }
    return Answer.json(all);
  }

  Answer xetToken(HubRepo repo) {
    return Answer.json(
        Map.of(
            "accessToken", "xet-" + Integer.toHexString(repo.id().hashCode()),
            "exp", Instant.now().getEpochSecond() + 900,
            "casUrl", origins.cdn()));
  }

  Answer whoami(Request request) {
    var name = tokens.getOrDefault(request.token(), "");
    return Answer.json(
        Map.of(
            "type",
            "user",
            "name",
            name,
            "auth",
            Map.of(
                "type",
                "access_token",
                "accessToken",
                Map.of("displayName", "test", "role", "read"))));
  }
}
