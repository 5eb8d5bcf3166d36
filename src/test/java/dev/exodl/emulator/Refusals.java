package dev.exodl.emulator;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The hub's table of errors, and who may see what. */
final class Refusals {

  private final Set<String> tokens;

  /**
   * @param tokens all tokens that the hub knows
   */
  Refusals(Set<String> tokens) {
    this.tokens = tokens;
  }

  /** Null if the request may go on. */
  @Nullable Answer check(Route route, Request request) {
    var token = request.token();
    if (token != null && !tokens.contains(token)) {
      return error(route, 401, null, "Invalid credentials in Authorization header");
    }
    if (route.kind() == Route.Kind.WHOAMI) {
      return token == null ? error(route, 401, null, "Invalid username or password.") : null;
    }
    var repo = route.repo();
    if (repo == null) {
      return notFound(route, token);
    }
    var renamed = repo.renamedTo();
    if (renamed != null) {
      var path =
          request
              .path()
              .replaceFirst(
                  Pattern.quote("/" + repo.id()), Matcher.quoteReplacement("/" + renamed));
      var location = path + (request.query().isEmpty() ? "" : "?" + request.query());
      return redirect(307, location);
    }
    if (repo.isPrivate() && !repo.isAllowed(token)) {
      return notFound(route, token);
    }
    if (repo.isDisabled()) {
      return error(route, 403, null, "Access to this resource is disabled.");
    }
    boolean guarded = repo.gated() != null && (!route.isApi() || repo.gatesInfo());
    if (guarded && !repo.isAllowed(token)) {
      return gated(route, repo, token);
    }
    return null;
  }

  private static Answer notFound(Route route, @Nullable String token) {
    return token == null
        ? error(route, 401, null, "Invalid username or password.")
        : error(route, 404, "RepoNotFound", "Repository not found");
  }

  private static Answer gated(Route route, HubRepo repo, @Nullable String token) {
    var noun = repo.type().substring(0, repo.type().length() - 1);
    var what = "Access to " + noun + " " + repo.id() + " is restricted";
    return token == null
        ? error(
            route,
            401,
            "GatedRepo",
            what + ". You must have access to it and be authenticated to access it. Please log in.")
        : error(
            route,
            403,
            "GatedRepo",
            what
                + " and you are not in the authorized list. Visit https://huggingface.co/"
                + repo.prefix()
                + repo.id()
                + " to ask for access.");
  }

  static Answer noRevision(Route route) {
    return error(route, 404, "RevisionNotFound", "Invalid rev id: " + route.rev());
  }

  static Answer noEntry(Route route, RepoCommit commit) {
    var answer = error(route, 404, "EntryNotFound", "Entry not found");
    return route.isApi() ? answer : answer.with("X-Repo-Commit", commit.sha());
  }

  /** API bodies are JSON, others plain text; both have the headers. */
  static Answer error(Route route, int status, @Nullable String code, String message) {
    var answer =
        route.isApi() || route.kind() == Route.Kind.UNKNOWN
            ? Answer.json(Map.of("error", message)).status(status)
            : Answer.text(status, message);
    if (code != null) {
      answer.with("X-Error-Code", code);
    }
    return answer.with("X-Error-Message", message.replaceAll("[^ -~]", "?"));
  }

  static Answer redirect(int status, String location) {
    var verb = status == 302 ? "Found" : "Temporary Redirect";
    return Answer.text(status, verb + ". Redirecting to " + location).with("Location", location);
  }
}
