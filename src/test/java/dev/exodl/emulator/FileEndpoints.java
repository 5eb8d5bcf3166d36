package dev.exodl.emulator;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /resolve/}, {@code /raw/}, {@code /api/resolve-cache/} and the CDN. */
final class FileEndpoints {

  private final HubSettings settings;
  private final SignedUrls urls;
  private final Origins origins;

  FileEndpoints(HubSettings settings, SignedUrls urls, Origins origins) {
    this.settings = settings;
    this.urls = urls;
    this.origins = origins;
  }

  Answer resolve(Route route, Request request, HubRepo repo, RepoCommit commit) {
    var blob = commit.files().get(route.path());
    if (blob == null) {
      return Refusals.noEntry(route, commit);
    }
    if (matches(request.header("if-none-match"), blob.etag())) {
      return Answer.of(304).with("ETag", quoted(blob.etag())).with("X-Repo-Commit", commit.sha());
    }
    boolean open = !repo.isPrivate() && repo.gated() == null && repo.id().contains("/");
    if (blob.isLfs() && blob.size() > 0) {
      return toCdn(repo, commit, route.path(), blob);
    }
    if (!open || blob.size() == 0) {
      return gitFile(route, request, commit, blob);
    }
    var file = Quoting.path(route.path());
    var asked = Quoting.segment(request.path());
    var location =
        "/api/resolve-cache/%s/%s/%s/%s?%s=&etag=%s"
            .formatted(
                repo.type(),
                repo.id(),
                commit.sha(),
                file,
                asked,
                Quoting.segment(quoted(blob.etag())));
    return Refusals.redirect(307, location).with("X-Repo-Commit", commit.sha());
  }

  private Answer toCdn(HubRepo repo, RepoCommit commit, String path, Blob blob) {
    var url = urls.sign(origins.cdn(), repo, path, blob, settings.urlValidity());
    var answer =
        Refusals.redirect(302, url)
            .with("X-Repo-Commit", commit.sha())
            .with("X-Linked-Size", Long.toString(blob.size()))
            .with("X-Linked-ETag", quoted(blob.sha256()))
            .with("Accept-Ranges", "bytes");
    if (repo.hasXet()) {
      var token =
          "%s/api/%s/%s/xet-read-token/%s"
              .formatted(origins.hub(), repo.type(), repo.id(), commit.sha());
      var info = origins.cdn() + "/v1/reconstructions/" + blob.xetHash();
      answer
          .with("X-Xet-Hash", blob.xetHash())
          .with(
              "Link",
              "<%s>; rel=\"xet-auth\", <%s>; rel=\"xet-reconstruction-info\""
                  .formatted(token, info));
    }
    return answer;
  }

  /** A git file (or an empty one) in full, by range or compressed. */
  private Answer gitFile(Route route, Request request, RepoCommit commit, Blob blob) {
    boolean gzip =
        settings.gzip()
            && request.acceptsGzip()
            && FileBody.isText(route.path())
            && blob.size() > 0;
    var answer =
        FileBody.serve(
            gzip ? request.without("range") : request, blob.content(), quoted(blob.etag()));
    if (gzip) {
      FileBody.compress(answer);
    }
    return answer
        .with("X-Repo-Commit", commit.sha())
        .with("Content-Type", "text/plain; charset=utf-8");
  }

  Answer resolveCache(Route route, Request request, RepoCommit commit) {
    if (!route.rev().equals(commit.sha())) {
      return Refusals.error(route, 400, null, "Invalid commit: " + route.rev());
    }
    var blob = commit.files().get(route.path());
    if (blob == null) {
      return Refusals.noEntry(route, commit);
    }
    return gitFile(route, request, commit, blob);
  }

  /** The pointer for LFS files; never a 304. */
  Answer raw(Route route, RepoCommit commit) {
    var blob = commit.files().get(route.path());
    if (blob == null) {
      return Refusals.noEntry(route, commit);
    }
    var content = blob.isLfs() ? RepoContent.of(blob.pointer()) : blob.content();
    return Answer.of(200)
        .with("ETag", quoted(blob.oid()))
        .with("X-Repo-Commit", commit.sha())
        .with("Content-Type", "text/plain; charset=utf-8")
        .body(content, 0, content.size());
  }

  Answer cdn(Request request, SignedUrls.@Nullable Grant grant) {
    var id = UUID.randomUUID().toString();
    if (grant == null || !urls.isValid(grant)) {
      return Answer.of(403)
          .with("Content-Type", "application/xml")
          .with("X-Amz-Cf-Id", id)
          .body(
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>Access denied</Message><RequestId>"
                  + id
                  + "</RequestId></Error>");
    }
    var answer = FileBody.serve(request, grant.blob().content(), quoted(grant.blob().cdnEtag()));
    return answer
        .with("Content-Type", "application/octet-stream")
        .with("X-Amz-Cf-Id", id)
        .with("X-Cache", "Hit from cloudfront");
  }

  /**
   * The same file by a signed URL of the foreign host, with all that a client needs on the redirect
   * itself.
   */
  Answer toForeign(int status, HubRepo repo, String commit, String path, Blob blob) {
    var url = urls.sign(origins.foreign(), repo, path, blob, settings.urlValidity());
    return Refusals.redirect(status, url)
        .with("X-Repo-Commit", commit)
        .with("X-Linked-Size", Long.toString(blob.size()))
        .with("X-Linked-ETag", quoted(blob.etag()))
        .with("Accept-Ranges", "bytes");
  }

  private static boolean matches(@Nullable String header, String etag) {
    return header != null && (header.strip().equals("*") || header.contains(quoted(etag)));
  }

  private static String quoted(String etag) {
    return "\"" + etag + "\"";
  }
}
