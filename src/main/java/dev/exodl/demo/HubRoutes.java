package dev.exodl.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What the demo hub answers to a request. */
final class HubRoutes {
  private static final String API = "/api/models/" + DemoModel.REPO;
  private static final String RESOLVE = "/" + DemoModel.REPO + "/resolve/";
  private static final String CDN = "/cdn/" + DemoModel.REPO + "/";

  private final DemoModel model;
  private final Signature signature = new Signature();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  HubRoutes(DemoModel model) {
    this.model = model;
  }

  int requests() {
    return requests.get();
  }

  long bytes() {
    return bytes.get();
  }

  void answer(HttpServerRequest request) {
    requests.incrementAndGet();
    if (!is(request, HttpMethod.GET) && !is(request, HttpMethod.HEAD)) {
      refuse(request, 405, "", "This hub only answers GET and HEAD");
      return;
    }
    String path = path(request);
    if (path.startsWith(CDN)) {
      weights(request, path.substring(CDN.length()));
    } else if (path.startsWith(RESOLVE)) {
      String rest = path.substring(RESOLVE.length());
      int slash = rest.indexOf('/');
      String revision = slash < 0 ? rest : rest.substring(0, slash);
      if (isKnown(request, revision)) {
        resolve(request, slash < 0 ? "" : rest.substring(slash + 1));
      }
    } else if (path.startsWith(API + "/revision/")) {
      if (isKnown(request, path.substring(API.length() + 10))) {
        json(request, HubAnswers.info(model));
      }
    } else if (path.startsWith(API + "/tree/")) {
      if (isKnown(request, path.substring(API.length() + 6))) {
        json(request, HubAnswers.tree(model));
      }
    } else if (path.equals(API)) {
      json(request, HubAnswers.info(model));
    } else {
      refuse(request, 404, "RepoNotFound", "Repository not found");
    }
  }

  private static boolean is(HttpServerRequest request, HttpMethod method) {
    return method.equals(request.method());
  }

  private static String path(HttpServerRequest request) {
    return Objects.requireNonNullElse(request.path(), "/");
  }

  private boolean isKnown(HttpServerRequest request, String revision) {
    boolean known = revision.equals("main") || revision.equals(model.commit());
    if (!known) {
      refuse(request, 404, "RevisionNotFound", "Invalid rev id");
    }
    return known;
  }

  private void resolve(HttpServerRequest request, String path) {
    Optional<DemoFile> file = model.file(path);
    HttpServerResponse response = request.response().putHeader("X-Repo-Commit", model.commit());
    if (file.isEmpty()) {
      refuse(request, 404, "EntryNotFound", "Entry not found");
      return;
    }
    switch (file.get()) {
      case DemoFile.Small small -> {
        response
            .putHeader("ETag", "\"" + small.etag() + "\"")
            .putHeader("Content-Type", "text/plain; charset=utf-8");
        content(request, small.content());
      }
      case DemoFile.Weights weights -> redirect(request, weights);
    }
  }

  private void redirect(HttpServerRequest request, DemoFile.Weights weights) {
    String path = CDN + weights.etag();
    String location =
        "http://"
            + request.authority()
            + path
            + "?"
            + signature.query(path, System.currentTimeMillis() / 1000);
    request
        .response()
        .setStatusCode(302)
        .putHeader("Location", location)
        .putHeader("Accept-Ranges", "bytes")
        .putHeader("X-Linked-Size", Long.toString(weights.size()))
        .putHeader("X-Linked-ETag", "\"" + weights.etag() + "\"")
        .putHeader("Content-Type", "text/plain; charset=utf-8");
    body(request, Buffer.buffer("Found. Redirecting to " + location));
  }

  /** Bytes of a weight file. The CDN's own ETag is not the content's hash, there as here. */
  private void weights(HttpServerRequest request, String etag) {
    HttpServerResponse response = request.response();
    Optional<DemoFile.Weights> found =
        model.files().stream()
            .filter(f -> f instanceof DemoFile.Weights w && w.etag().equals(etag))
            .map(DemoFile.Weights.class::cast)
            .findFirst();
    if (found.isEmpty()
        || !signature.isGood(
            path(request),
            request.getParam("Expires"),
            request.getParam("Signature"),
            System.currentTimeMillis() / 1000)) {
      response.setStatusCode(403).putHeader("Content-Type", "application/xml");
      body(request, Buffer.buffer("<Error><Code>AccessDenied</Code></Error>"));
      return;
    }
    DemoFile.Weights weights = found.get();
    Optional<ServedRange> wanted = range(request, weights.size());
    if (wanted.isEmpty()) {
      return;
    }
    ServedRange range = wanted.get();
    response
        .putHeader("Content-Length", Long.toString(range.length()))
        .putHeader("Content-Type", "binary/octet-stream")
        .putHeader("ETag", "\"" + etag.substring(0, 32) + "\"");
    if (is(request, HttpMethod.HEAD)) {
      response.end();
      return;
    }
    bytes.addAndGet(range.length());
    response
        .sendFile(weights.file().toString(), range.begin(), range.length())
        .onFailure(e -> request.connection().close());
  }

  private void content(HttpServerRequest request, byte[] content) {
    Optional<ServedRange> range = range(request, content.length);
    if (range.isPresent()) {
      int begin = (int) range.get().begin();
      int length = (int) range.get().length();
      if (is(request, HttpMethod.GET)) {
        bytes.addAndGet(length);
      }
      body(request, Buffer.buffer(length).appendBytes(content, begin, length));
    }
  }

  /** Sets status and headers for the range that is asked for; empty when it was refused. */
  private static Optional<ServedRange> range(HttpServerRequest request, long size) {
    HttpServerResponse response = request.response().putHeader("Accept-Ranges", "bytes");
    Optional<ServedRange> range = ServedRange.of(request.getHeader("Range"), size);
    if (range.isEmpty()) {
      response.setStatusCode(416).putHeader("Content-Range", "bytes */" + size).end();
    } else if (!range.get().whole()) {
      response.setStatusCode(206).putHeader("Content-Range", range.get().contentRange(size));
    }
    return range;
  }

  private static void json(HttpServerRequest request, JsonNode json) {
    request.response().putHeader("Content-Type", "application/json; charset=utf-8");
    body(request, Buffer.buffer(json.toString()));
  }

  private static void refuse(HttpServerRequest request, int status, String code, String message) {
    HttpServerResponse response = request.response().setStatusCode(status);
    if (!code.isEmpty()) {
      response.putHeader("X-Error-Code", code);
    }
    response
        .putHeader("X-Error-Message", message)
        .putHeader("Content-Type", "text/plain; charset=utf-8");
    body(request, Buffer.buffer(message));
  }

  private static void body(HttpServerRequest request, Buffer body) {
    HttpServerResponse response = request.response();
    if (is(request, HttpMethod.HEAD)) {
      response.putHeader("Content-Length", Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }
}
