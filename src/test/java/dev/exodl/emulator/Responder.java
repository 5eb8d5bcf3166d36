package dev.exodl.emulator;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Answers one request: finds the route, asks faults, quota, access and endpoint in that order, and
 * logs all of it.
 */
final class Responder {

  private final Routes routes;
  private final RequestLog log;
  private final Faults faults;
  private final FaultEffects effects;
  private final HubSettings settings;
  private final Refusals refusals;
  private final ApiEndpoints api;
  private final TreeEndpoint tree;
  private final FileEndpoints files;
  private final Function<Host, Listener> listeners;
  private final String basePath;

  Responder(
      HubSettings settings,
      RequestLog log,
      Faults faults,
      Origins origins,
      Map<String, HubRepo> repos,
      Map<String, String> tokens,
      Function<Host, Listener> listeners,
      String basePath) {
    var urls = new SignedUrls();
    this.settings = settings;
    this.log = log;
    this.faults = faults;
    this.routes = new Routes(repos, urls);
    this.refusals = new Refusals(tokens.keySet());
    this.api = new ApiEndpoints(origins, tokens);
    this.tree = new TreeEndpoint(settings, origins);
    this.files = new FileEndpoints(settings, urls, origins);
    this.effects = new FaultEffects(urls, origins, files);
    this.listeners = listeners;
    this.basePath = basePath;
  }

  /** True if the connection can take another request. */
  boolean respond(Host host, long connection, Request asked, AnswerWriter writer)
      throws IOException {
    boolean based = host == Host.HUB && asked.path().startsWith(basePath + "/");
    var request = based ? asked.withPath(asked.path().substring(basePath.length())) : asked;
    var route = based || host != Host.HUB ? routes.find(host, request) : Route.unknown();
    var logged = log.add(host, route.where(host), connection, asked, route.file());
    log.requestStarted(host);
    try {
      var answer = answer(host, request, route, logged);
      return writer.write(request, answer, logged);
    } finally {
      logged.ended();
      log.requestEnded(host);
    }
  }

  private Answer answer(Host host, Request request, Route route, LoggedRequest logged) {
    var blob = route.blob();
    var happening = faults.of(logged, blob == null ? 0 : blob.size());
    var seen = request;
    Answer answer = null;
    for (var fault : happening) {
      seen = effects.before(fault, seen);
      if (answer == null) {
        answer = effects.instead(fault, route, listeners.apply(host));
      }
    }
    if (answer == null) {
      answer = host == Host.HUB ? withinQuota(seen, route) : honest(host, seen, route);
    } else {
      answer.with("X-Request-Id", "Root=1-" + UUID.randomUUID());
    }
    for (var fault : happening) {
      answer = effects.after(fault, answer, route, request);
    }
    logged.answered(answer.delivery.dropped ? 0 : answer.status(), happening);
    return answer;
  }

  private Answer withinQuota(Request request, Route route) {
    var standing = settings.quota(route.where(Host.HUB)).count();
    Answer answer =
        standing.over()
            ? Refusals.error(
                route, 429, null, "We had to rate limit your IP. To continue, log in or wait.")
            : honest(Host.HUB, request, route);
    var location = answer.header("Location");
    if (location != null && location.startsWith("/")) {
      answer.replace("Location", basePath + location);
    }
    standing.tell(answer);
    answer.with("X-Request-Id", "Root=1-" + UUID.randomUUID());
    settings.warnings().forEach(w -> answer.with("X-HF-Warning", w));
    return answer;
  }

  private Answer honest(Host host, Request request, Route route) {
    try {
      // The foreign host knows no tokens: it answers everybody and only notes what it was sent.
      var answer =
          endpoint(host == Host.FOREIGN ? request.without("authorization") : request, route);
      boolean pack =
          route.isApi() && answer.status() == 200 && request.acceptsGzip() && settings.gzip();
      return pack ? FileBody.compress(answer) : answer;
    } catch (RuntimeException e) {
      e.printStackTrace();
      return Answer.text(500, "emulator: " + e);
    }
  }

  private Answer endpoint(Request request, Route route) {
    if (route.kind() == Route.Kind.CDN) {
      return files.cdn(request, route.grant());
    }
    if (route.kind() == Route.Kind.UNKNOWN) {
      return Refusals.error(route, 404, null, "Sorry, we can't find the page you are looking for.");
    }
    var refusal = refusals.check(route, request);
    if (refusal != null) {
      return refusal;
    }
    var repo = route.repo();
    if (repo == null) {
      return api.whoami(request);
    }
    if (route.kind() == Route.Kind.REFS) {
      return api.refs(request, repo);
    }
    var commit = repo.find(route.rev());
    if (commit == null) {
      return Refusals.noRevision(route);
    }
    return switch (route.kind()) {
      case INFO -> api.info(request, repo, commit);
      case TREE -> tree.tree(route, request, repo, commit);
      case PATHS_INFO -> tree.pathsInfo(request, repo, commit);
      case XET_TOKEN -> api.xetToken(repo);
      case RESOLVE -> files.resolve(route, request, repo, commit);
      case RAW -> files.raw(route, commit);
      case RESOLVE_CACHE -> files.resolveCache(route, request, commit);
      case REFS, WHOAMI, CDN, UNKNOWN -> throw new IllegalStateException("answered above");
    };
  }
}
