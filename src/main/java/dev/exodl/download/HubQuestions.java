package dev.exodl.download;

import dev.exodl.fetch.RetryPolicy;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.hub.HubClient;
import dev.exodl.hub.ListedFile;
import dev.exodl.hub.Listing;
import dev.exodl.hub.RepoInfo;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Asks the hub for what a snapshot is made of, and asks again as the retry policy says. */
final class HubQuestions {
  /** Long enough for a hiccup, short enough to tell a user soon that there is no network. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final HubClient hub;

  /** Asked with the token for what anybody may read anyway. */
  private final HubClient own;

  private final SyncVoice voice;
  private final RetryPolicy policy = new RetryPolicy(PATIENCE, new Random());

  HubQuestions(HubClient hub, SyncVoice voice) {
    this(hub, hub, voice);
  }

  private HubQuestions(HubClient hub, HubClient own, SyncVoice voice) {
    this.hub = hub;
    this.own = own;
    this.voice = voice;
  }

  /**
   * Questions whose answers anybody may have: asked without the token, so that what only this node
   * may know comes to nobody, nor that there is such a repo.
   */
  static HubQuestions ofAnybody(HubClient anybody, HubClient own, SyncVoice voice) {
    return new HubQuestions(anybody, own, voice);
  }

  /** Whether a token is at hand, sent or not. */
  boolean hasToken() {
    return own.hasToken();
  }

  /** One question. */
  @FunctionalInterface
  interface Question<T> {
    T ask() throws SourceException;
  }

  /**
   * The commit that the revision stands for.
   *
   * @param patient false: a network trouble is not waited out, since there is something to fall
   *     back on
   */
  Commit resolve(Repo repo, Revision revision, boolean patient) {
    return asked(repo + "@" + revision, patient, () -> hub.resolve(repo, revision));
  }

  /**
   * What the hub says of a repo at a revision.
   *
   * @param patient as for {@link #resolve}
   */
  RepoInfo info(Repo repo, Revision revision, boolean patient) {
    return asked(repo + "@" + revision, patient, () -> hub.info(repo, revision));
  }

  /**
   * All files of the commit of a repo that may be read. A page that failed is asked again, not the
   * whole listing.
   */
  List<ListedFile> list(Repo repo, Commit commit) {
    return list(repo, commit, true);
  }

  /** As the other; {@code patient} as for {@link #resolve}. */
  List<ListedFile> list(Repo repo, Commit commit, boolean patient) {
    Listing listing = own.listing(repo, commit);
    List<ListedFile> files = new ArrayList<>();
    while (listing.hasNext()) {
      files.addAll(asked("the listing of " + repo, patient, listing::nextPage));
    }
    return files;
  }

  /** Any question, asked again until it is answered or the policy gives up. */
  <T> T ask(String where, Question<T> question) {
    return asked(where, true, question);
  }

  private <T> T asked(String where, boolean patient, Question<T> question) {
    long begin = System.nanoTime();
    for (int attempt = 1; ; attempt++) {
      try {
        return question.ask();
      } catch (SourceException e) {
        if (!patient && !(e.trouble() instanceof Trouble.Refused)) {
          throw new FailureException(
              new Failure.Network(
                  e.trouble().what(),
                  where,
                  "run the same command again to go on: what is here is kept"),
              e);
        }
        Duration since = Duration.ofNanos(System.nanoTime() - begin);
        switch (policy.verdict(e.trouble(), where, attempt, since)) {
          case RetryPolicy.Verdict.GiveUp end -> throw new FailureException(end.failure(), e);
          case RetryPolicy.Verdict.Again again -> {
            voice.retrying(where, e.trouble(), attempt, again.delay());
            pause(again.delay());
          }
        }
      }
    }
  }

  private static void pause(Duration delay) {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.util.concurrent.CancellationException("stopped");
    }
  }
}
