package dev.exodl.emulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The file listing, page by page, and paths-info. */
final class TreeEndpoint {

  private final HubSettings settings;
  private final Origins origins;

  TreeEndpoint(HubSettings settings, Origins origins) {
    this.settings = settings;
    this.origins = origins;
  }

  Answer tree(Route route, Request request, HubRepo repo, RepoCommit commit) {
    boolean expand = request.flag("expand");
    var rows = rowKeys(commit, route.path(), request.flag("recursive"));
    if (rows.isEmpty() && !route.path().isEmpty()) {
      return Refusals.noEntry(route, commit);
    }
    int page = settings.pageSize(expand);
    var limit = request.param("limit");
    if (limit != null) {
      page = Math.clamp(Integer.parseInt(limit), 1, page);
    }
    var cursor = request.param("cursor");
    int from =
        cursor == null
            ? 0
            : Integer.parseInt(new String(java.util.Base64.getUrlDecoder().decode(cursor)));
    int to = Math.min(rows.size(), from + page);
    var items = new ArrayList<Map<String, Object>>();
    for (var row : rows.subList(Math.min(from, to), to)) {
      items.add(
          row.blob() == null
              ? directory(row.path(), expand, commit)
              : file(row.path(), row.blob(), expand, repo, commit));
    }
    var answer = Answer.json(items);
    return to < rows.size()
        ? answer.with("Link", "<" + nextUrl(request, to) + ">; rel=\"next\"")
        : answer;
  }

  Answer pathsInfo(Request request, HubRepo repo, RepoCommit commit) {
    var items = new ArrayList<Map<String, Object>>();
    boolean expand = request.flag("expand");
    for (var path : request.params("paths")) {
      var blob = commit.files().get(path);
      if (blob != null) {
        items.add(file(path, blob, expand, repo, commit));
      } else if (commit.files().keySet().stream().anyMatch(f -> f.startsWith(path + "/"))) {
        items.add(directory(path, expand, commit));
      }
    }
    return Answer.json(items);
  }

  private record Row(String path, @Nullable Blob blob) {}

  /** Files and the folders above them; a name may stand as both, as hostile listings have it. */
  private static List<Row> rowKeys(RepoCommit commit, String folder, boolean recursive) {
    var prefix = folder.isEmpty() ? "" : folder + "/";
    var folders = new TreeSet<String>();
    var rows = new ArrayList<Row>();
    commit
        .files()
        .forEach(
            (path, blob) -> {
              if (!path.startsWith(prefix)) {
                return;
              }
              int slash = path.indexOf('/', prefix.length());
              for (int at = slash;
                  at >= 0 && (recursive || at == slash);
                  at = path.indexOf('/', at + 1)) {
                if (at > 0) {
                  folders.add(path.substring(0, at));
                }
              }
              if (recursive || slash < 0) {
                rows.add(new Row(path, blob));
              }
            });
    var all = new ArrayList<Row>();
    folders.forEach(f -> all.add(new Row(f, null)));
    all.addAll(rows);
    return all;
  }

  private String nextUrl(Request request, int from) {
    var cursor =
        java.util.Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(Integer.toString(from).getBytes());
    var kept = new ArrayList<String>();
    for (var pair : request.query().split("&")) {
      if (!pair.isEmpty() && !pair.startsWith("cursor=")) {
        kept.add(pair);
      }
    }
    kept.add("cursor=" + cursor);
    return origins.hub() + request.path() + "?" + String.join("&", kept);
  }

  private static Map<String, Object> directory(String path, boolean expand, RepoCommit commit) {
    var row = new LinkedHashMap<String, Object>();
    row.put("type", "directory");
    row.put("oid", Blob.hash("SHA-1", "tree " + path));
    row.put("size", 0);
    row.put("path", path);
    if (expand) {
      row.put("lastCommit", lastCommit(commit));
    }
    return row;
  }

  private static Map<String, Object> file(
      String path, Blob blob, boolean expand, HubRepo repo, RepoCommit commit) {
    var row = new LinkedHashMap<String, Object>();
    row.put("type", "file");
    row.put("oid", blob.oid());
    row.put("size", blob.isLfs() && repo.showsPointerSizes() ? blob.pointer().length : blob.size());
    if (blob.isLfs()) {
      row.put(
          "lfs",
          Map.of("oid", blob.sha256(), "size", blob.size(), "pointerSize", blob.pointer().length));
      if (repo.hasXet()) {
        row.put("xetHash", blob.xetHash());
      }
    }
    row.put("path", path);
    if (expand) {
      row.put("lastCommit", lastCommit(commit));
      row.put(
          "securityFileStatus",
          new TreeMap<>(Map.of("status", "safe", "avScan", Map.of("status", "safe"))));
    }
    return row;
  }

  private static Map<String, Object> lastCommit(RepoCommit commit) {
    return Map.of("id", commit.sha(), "title", commit.title(), "date", commit.date().toString());
  }
}
