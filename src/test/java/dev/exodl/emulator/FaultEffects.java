package dev.exodl.emulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What faults do: some before the hub's answer is made (or in place of it), the others to the
 * answer.
 */
final class FaultEffects {

  private final SignedUrls urls;
  private final Origins origins;
  private final FileEndpoints files;

  FaultEffects(SignedUrls urls, Origins origins, FileEndpoints files) {
    this.urls = urls;
    this.origins = origins;
    this.files = files;
  }

  /** The request that the hub is to see. */
  Request before(Fault fault, Request request) {
    return switch (fault) {
      case Fault.IgnoreRange _ -> request.without("range");
      case Fault.ExpireUrls _ -> {
        urls.expireAll();
        yield request;
      }
      case Fault _ -> request;
    };
  }

  /** An answer that comes in place of the hub's; null if the hub is to answer. */
  @Nullable Answer instead(Fault fault, Route route, Listener listener) {
    return switch (fault) {
      case Fault.Status(int code, var hint) -> status(code, hint, route);
      case Fault.CaptivePortal _ ->
          Answer.of(200)
              .with("Content-Type", "text/html; charset=utf-8")
              .body(
                  "<!DOCTYPE html><html><head><title>Guest network</title></head><body>Please log in.</body></html>");
      case Fault.Garbage _ -> {
        var answer = Answer.of(200);
        answer.delivery.garbage =
            "220 mail.example ESMTP ready\r\n\r\n\0\1\2".getBytes(StandardCharsets.US_ASCII);
        yield answer;
      }
      case Fault.DropConnection _ -> dropped();
      case Fault.RefuseConnection(Duration duration) -> {
        listener.refuseFor(duration);
        yield dropped();
      }
      case Fault _ -> null;
    };
  }

  private static Answer dropped() {
    var answer = Answer.of(200);
    answer.delivery.dropped = true;
    return answer;
  }

  private static Answer status(int code, Fault.RetryHint hint, Route route) {
    var message = code == 429 ? "Too many requests, please slow down." : "Service trouble " + code;
    var answer = Refusals.error(route, code, null, message);
    var quotaName = route.isApi() ? "api" : "resolvers";
    return switch (hint) {
      case Fault.RetryHint.None _ -> answer;
      case Fault.RetryHint.RateLimit(int seconds) ->
          answer
              .with("RateLimit", "\"%s\";r=0;t=%d".formatted(quotaName, seconds))
              .with("RateLimit-Policy", "\"fixed window\";\"%s\";q=500;w=300".formatted(quotaName));
      case Fault.RetryHint.AfterSeconds(int seconds) ->
          answer.with("Retry-After", Integer.toString(seconds));
      case Fault.RetryHint.AfterDate(Duration fromNow) ->
          answer.with("Retry-After", AnswerWriter.httpDate(fromNow));
    };
  }

  /** The answer as changed by the fault. */
  Answer after(Fault fault, Answer answer, Route route, Request request) {
    var delivery = answer.delivery;
    switch (fault) {
      case Fault.CutAfter(long bytes) -> end(delivery, bytes, Delivery.End.RESET);
      case Fault.StallAfter(long bytes, Duration duration) -> {
        delivery.stallAt = bytes;
        delivery.stallFor = duration;
      }
      case Fault.WrongBytes wrong -> delivery.wrong.add(wrong);
      case Fault.TruncatedBody(long bytes, var framing) -> {
        boolean closed = framing == Fault.Framing.CHUNKED_CLOSED;
        end(delivery, bytes, closed ? Delivery.End.LAST_CHUNK : Delivery.End.CLOSE);
        return framing == Fault.Framing.LENGTH ? answer : answer.chunked();
      }
      case Fault.SlowFirstByte(Duration duration) -> delivery.firstByteAfter = duration;
      case Fault.SlowRate(long bytesPerSecond) -> delivery.rate = bytesPerSecond;
      case Fault.CloseQuietly _ -> delivery.closedQuietly = true;
      case Fault.WrongLength(long error) -> delivery.lengthError = error;
      case Fault.WrongContentRange(long shift) -> shift(answer, shift);
      case Fault.MoveRevision(String ref, String commit) -> {
        var repo = route.anyRepo();
        if (repo != null) {
          repo.move(ref, commit);
        }
      }
      case Fault.LinkNextForeignHost _ -> {
        var link = answer.header("Link");
        if (link != null) {
          answer.replace("Link", link.replace("<" + origins.hub(), "<" + origins.foreign()));
        }
      }
      case Fault.RedirectToForeignHost(int status) -> {
        return redirected(status, answer, route, request);
      }
      case Fault.MissingHeaders(var names) -> names.forEach(answer::without);
      case Fault.OtherHeaders(var headers) -> headers.forEach(answer::replace);
      case Fault.IgnoreRange _,
          Fault.ExpireUrls _,
          Fault.Status _,
          Fault.RefuseConnection _,
          Fault.DropConnection _,
          Fault.Garbage _,
          Fault.CaptivePortal _ -> {}
    }
    return answer;
  }

  private static void end(Delivery delivery, long bytes, Delivery.End how) {
    delivery.endAt = bytes;
    delivery.end = how;
  }

  private static void shift(Answer answer, long shift) {
    if (answer.status() == 206) {
      long size = answer.content().size();
      long from = Math.clamp(answer.offset() + shift, 0, size - 1);
      long length = Math.min(answer.length(), size - from);
      answer.body(answer.content(), from, length);
      answer.replace("Content-Range", FileBody.contentRange(from, from + length, size));
    }
  }

  private Answer redirected(int status, Answer answer, Route route, Request request) {
    var repo = route.anyRepo();
    var path = route.file();
    var blob = route.blob();
    if (answer.status() >= 400) {
      return answer;
    }
    if (repo == null || path == null || blob == null) {
      var query = request.query().isEmpty() ? "" : "?" + request.query();
      return Refusals.redirect(status, origins.foreign() + request.path() + query);
    }
    var commit = repo.find(route.grant() == null ? route.rev() : "main");
    return files.toForeign(status, repo, commit == null ? "" : commit.sha(), path, blob);
  }
}
