package dev.exodl.emulator;

import org.jspecify.annotations.Nullable;

/**
 * What a request asks for.
 *
 * @param id repo id as it stands in the URL, or empty
 * @param repo null if there is none of that id
 * @param rest decoded revision, or empty
 * @param path decoded path in the repo, or empty
 * @param grant for the CDN: what the signature opens
 */
record Route(
    Kind kind,
    String type,
    String id,
    @Nullable HubRepo repo,
    String rev,
    String path,
    SignedUrls.@Nullable Grant grant) {

  enum Kind {
    INFO,
    TREE,
    REFS,
    PATHS_INFO,
    XET_TOKEN,
    WHOAMI,
    RESOLVE,
    RAW,
    RESOLVE_CACHE,
    CDN,
    UNKNOWN
  }

  static Route unknown() {
    return new Route(Kind.UNKNOWN, "", "", null, "", "", null);
  }

  Where where(Host host) {
    if (host == Host.FOREIGN) {
      return Where.FOREIGN;
    }
    if (host == Host.CDN) {
      return Where.CDN;
    }
    return switch (kind) {
      case RESOLVE, RAW -> Where.RESOLVE;
      case RESOLVE_CACHE -> Where.RESOLVE_CACHE;
      case CDN -> Where.CDN;
      case INFO, TREE, REFS, PATHS_INFO, XET_TOKEN, WHOAMI, UNKNOWN -> Where.HUB_API;
    };
  }

  boolean isApi() {
    return switch (kind) {
      case INFO, TREE, REFS, PATHS_INFO, XET_TOKEN, WHOAMI -> true;
      case RESOLVE, RAW, RESOLVE_CACHE, CDN, UNKNOWN -> false;
    };
  }

  /** Path of the file asked for, or null if it is no file. */
  @Nullable String file() {
    return switch (kind) {
      case RESOLVE, RAW, RESOLVE_CACHE -> path;
      case CDN -> grant == null ? null : grant.path();
      case INFO, TREE, REFS, PATHS_INFO, XET_TOKEN, WHOAMI, UNKNOWN -> null;
    };
  }

  /** The blob asked for, if there is one. */
  @Nullable Blob blob() {
    if (grant != null) {
      return grant.blob();
    }
    if (file() == null || repo == null) {
      return null;
    }
    var commit = repo.find(rev);
    return commit == null ? null : commit.files().get(path);
  }

  @Nullable HubRepo anyRepo() {
    return grant == null ? repo : grant.repo();
  }
}
