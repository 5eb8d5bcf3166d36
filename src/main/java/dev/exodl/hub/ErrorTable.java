package dev.exodl.hub;

import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.Failure;
import dev.exodl.model.Printable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an answer of the hub that is not a success means. Codes, words and their precedence are
 * those of huggingface_hub {@code utils/_http.py}.
 */
final class ErrorTable {
  private static final String BAD_TOKEN = "Invalid credentials in Authorization header";
  private static final String DISABLED = "Access to this resource is disabled.";
  private static final String TOKEN_PAGE = "https://huggingface.co/settings/tokens";
  private static final String LOG_IN =
      "give a token by --token, HF_TOKEN or 'hf auth login' (" + TOKEN_PAGE + ")";

  private ErrorTable() {}

  static SourceException exception(Answer answer, Asked asked) {
    return new SourceException(trouble(answer, asked));
  }

  static Trouble trouble(Answer answer, Asked asked) {
    Trouble passing = passing(answer);
    if (passing != null) {
      return passing;
    }
    if (asked.tokenWithheld() && (answer.status() == 401 || answer.status() == 403)) {
      return new Trouble.Refused(tokenWithheld(answer));
    }
    return new Trouble.Refused(failure(answer, asked));
  }

  /** For a question that is about no repo. */
  static Trouble withoutRepo(Answer answer) {
    Trouble passing = passing(answer);
    String where = HubAddresses.shown(answer.address());
    if (passing != null) {
      return passing;
    }
    return new Trouble.Refused(
        answer.isHtml() ? notTheHub(answer, where) : unexpected(answer, where));
  }

  /** The trouble of an answer that another try may change; else null. */
  static @Nullable Trouble passing(Answer answer) {
    return switch (answer.status()) {
      case 429 ->
          new Trouble.Throttled(
              answer.address().getAuthority() + " asks for fewer requests: " + answer.told(),
              WaitAdvice.in(answer.headers(), Instant.now()));
      case 408, 500, 502, 503, 504 ->
          new Trouble.Busy(
              answer.address().getAuthority() + " answered " + answer.told(),
              WaitAdvice.in(answer.headers(), Instant.now()));
      default -> null;
    };
  }

  private static Failure tokenWithheld(Answer answer) {
    return new Failure.Auth(
        "the endpoint redirected to "
            + answer.address().getAuthority()
            + ", which wants a token; it is sent to the"
            + " endpoint only",
        HubAddresses.shown(answer.address()),
        "set HF_ENDPOINT to the address of the hub itself if you trust it");
  }

  private static Failure failure(Answer answer, Asked asked) {
    String where = HubAddresses.shown(answer.address());
    return switch (answer.code()) {
      case "RevisionNotFound" ->
          new Failure.NotFound(
              asked.repoText() + " has no revision '" + Printable.of(asked.revision()) + "'",
              where,
              "see the branches and tags at " + asked.page() + "/tree/main");
      case "EntryNotFound" -> entryMissing(asked, where);
      case "GatedRepo" -> gated(asked, where);
      case "RepoNotFound" -> repoMissing(asked, where);
      default ->
          answer.message().equals(DISABLED)
              ? disabled(asked, where)
              : uncoded(answer, asked, where);
    };
  }

  private static Failure disabled(Asked asked, String where) {
    return new Failure.Auth(
        asked.repoText() + " was disabled by the hub",
        where,
        "nobody can download it; see " + asked.page());
  }

  private static Failure uncoded(Answer answer, Asked asked, String where) {
    boolean badToken = answer.message().startsWith(BAD_TOKEN);
    return switch (answer.status()) {
      case 401 -> badToken ? badToken(where) : repoMissing(asked, where);
      case 403 ->
          new Failure.Auth(
              "the hub forbids access to " + asked.repoText() + ": " + answer.told(),
              where,
              asked.withToken() ? "check the rights of your token at " + TOKEN_PAGE : LOG_IN);
      case 404 -> answer.isHtml() ? notTheHub(answer, where) : notThere(asked, where);
      case 407 ->
          new Failure.Network(
              "the proxy wants a user and password, or other ones",
              where,
              "give them as HTTP_PROXY or HTTPS_PROXY=http://user:password@host:port");
      default -> answer.isHtml() ? notTheHub(answer, where) : unexpected(answer, where);
    };
  }

  /** A token that the hub does not know; also for public repos. */
  static Failure badToken(String where) {
    return new Failure.Auth(
        "the hub does not accept the token",
        where,
        "it may be revoked or mistyped: make a new one at "
            + TOKEN_PAGE
            + ", or leave it out for public repos");
  }

  private static Failure gated(Asked asked, String where) {
    if (!asked.withToken()) {
      return new Failure.Auth(
          asked.repoText() + " is gated and no token was given",
          where,
          "ask for access at " + asked.page() + " and " + LOG_IN);
    }
    return new Failure.Auth(
        asked.repoText() + " is gated and the token's user has no access",
        where,
        "ask for access at " + asked.page() + ", then run the command again");
  }

  private static Failure repoMissing(Asked asked, String where) {
    String what = asked.repoText() + " does not exist or is private";
    String next =
        asked.withToken()
            ? "check the name and --repo-type; if it is private, use a token that may read it"
            : "check the name and --repo-type; if it is private, " + LOG_IN;
    return new Failure.NotFound(what, where, next);
  }

  private static Failure entryMissing(Asked asked, String where) {
    String file =
        asked.path() == null ? "such folder" : "file '" + Printable.of(asked.path()) + "'";
    return new Failure.NotFound(
        asked.repoText() + " has no " + file + " at " + Printable.of(asked.revision()),
        where,
        "see its files at " + asked.page() + "/tree/" + Printable.of(asked.revision()));
  }

  private static Failure notThere(Asked asked, String where) {
    return asked.path() == null ? repoMissing(asked, where) : entryMissing(asked, where);
  }

  private static Failure unexpected(Answer answer, String where) {
    return new Failure.Network(
        answer.address().getAuthority() + " answered " + answer.told(),
        where,
        "check the endpoint with 'exo-dl doctor'; -v shows the requests");
  }

  static Failure notTheHub(Answer answer, String where) {
    return new Failure.Network(
        answer.address().getAuthority()
            + " is not the hub, or a proxy is in between: it answered "
            + answer.status()
            + " with a web page",
        where,
        "check HF_ENDPOINT, the proxy settings, and whether this network wants a log-in in a browser");
  }
}
