package dev.exodl.emulator;

import dev.exodl.emulator.Route.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out what a request asks for. Paths are not normalised: {@code ..} is a name like any other
 * here.
 */
final class Routes {

  private static final Set<String> TYPES = Set.of("models", "datasets", "spaces", "kernels");
  private static final Map<String, Kind> API_WORDS =
      Map.of(
          "revision", Kind.INFO,
          "tree", Kind.TREE,
          "refs", Kind.REFS,
          "paths-info", Kind.PATHS_INFO,
          "xet-read-token", Kind.XET_TOKEN);
  private static final Map<String, Kind> FILE_WORDS =
      Map.of("resolve", Kind.RESOLVE, "raw", Kind.RAW);

  private final Map<String, HubRepo> repos;
  private final SignedUrls urls;

  Routes(Map<String, HubRepo> repos, SignedUrls urls) {
    this.repos = repos;
    this.urls = urls;
  }

  Route find(Host host, Request request) {
    var segments = request.segments();
    var first = segments.getFirst();
    if (host != Host.HUB && first.equals("repos")) {
      return new Route(Kind.CDN, "", "", null, "", "", urls.grant(request.param("Signature")));
    }
    if (host == Host.CDN) {
      return Route.unknown();
    }
    if (!first.equals("api")) {
      boolean prefixed = TYPES.contains(first) && segments.size() > 3;
      return file(prefixed ? first : "models", segments.subList(prefixed ? 1 : 0, segments.size()));
    }
    if (segments.size() == 2 && segments.get(1).equals("whoami-v2")) {
      return new Route(Kind.WHOAMI, "", "", null, "", "", null);
    }
    if (segments.size() > 6
        && segments.get(1).equals("resolve-cache")
        && TYPES.contains(segments.get(2))) {
      var id = segments.get(3) + "/" + segments.get(4);
      return route(Kind.RESOLVE_CACHE, segments.get(2), id, segments.subList(5, segments.size()));
    }
    if (segments.size() > 2 && TYPES.contains(segments.get(1))) {
      return api(segments.get(1), segments.subList(2, segments.size()));
    }
    return Route.unknown();
  }

  private Route api(String type, List<String> rest) {
    boolean bare =
        rest.size() == 1
            || (API_WORDS.containsKey(rest.get(1))
                && repo(type, rest.get(0) + "/" + rest.get(1)) == null);
    var id = bare ? rest.getFirst() : rest.get(0) + "/" + rest.get(1);
    var after = rest.subList(bare ? 1 : 2, rest.size());
    if (after.isEmpty()) {
      return route(Kind.INFO, type, id, List.of("main"));
    }
    var kind = API_WORDS.get(after.getFirst());
    if (kind == null || (kind != Kind.REFS && after.size() < 2)) {
      return Route.unknown();
    }
    return route(
        kind, type, id, after.size() == 1 ? List.of("main") : after.subList(1, after.size()));
  }

  private Route file(String type, List<String> rest) {
    for (int words = 1; words <= 2 && words + 2 < rest.size(); words++) {
      var kind = FILE_WORDS.get(rest.get(words));
      if (kind != null) {
        return route(
            kind,
            type,
            String.join("/", rest.subList(0, words)),
            rest.subList(words + 1, rest.size()));
      }
    }
    return Route.unknown();
  }

  private Route route(Kind kind, String type, String id, List<String> revAndPath) {
    var path = String.join("/", revAndPath.subList(1, revAndPath.size()));
    var rev = Request.decodePath(revAndPath.getFirst());
    var plainId = Request.decodePath(id);
    return new Route(kind, type, plainId, repo(type, plainId), rev, Request.decodePath(path), null);
  }

  private @org.jspecify.annotations.Nullable HubRepo repo(String type, String id) {
    return repos.get(type + "/" + id);
  }
}
