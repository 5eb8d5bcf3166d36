package dev.exodl.emulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Issues the CDN's signed URLs and remembers what each one opens. */
final class SignedUrls {

  /** What a signature opens. */
  record Grant(HubRepo repo, String path, Blob blob, long number, Instant expires) {}

  private final Map<String, Grant> grants = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private volatile long expiredUpTo;

  String sign(String base, HubRepo repo, String path, Blob blob, Duration validity) {
    var signature = UUID.randomUUID().toString().replace("-", "");
    var expires = Instant.now().plus(validity);
    grants.put(signature, new Grant(repo, path, blob, numbers.incrementAndGet(), expires));
    var name = path.substring(path.lastIndexOf('/') + 1);
    return "%s/repos/%s%s/%s?response-content-disposition=%s&Expires=%d&Policy=eyJTdGF0ZW1lbnQiOltdfQ__&Signature=%s&Key-Pair-Id=K24J24Z295AEI9&X-Xet-Cas-Uid=public"
        .formatted(
            base,
            repo.prefix(),
            repo.id(),
            blob.sha256(),
            Quoting.segment("inline; filename*=UTF-8''" + Quoting.segment(name)),
            expires.getEpochSecond(),
            signature);
  }

  /** The grant of a signature, expired or not. */
  @Nullable Grant grant(@Nullable String signature) {
    return signature == null ? null : grants.get(signature);
  }

  boolean isValid(Grant grant) {
    return grant.number() > expiredUpTo && Instant.now().isBefore(grant.expires());
  }

  void expireAll() {
    expiredUpTo = numbers.get();
  }
}
