package dev.exodl.fetch;

import dev.exodl.model.RepoFile;
import dev.exodl.plan.Origin;
import java.time.Duration;

/** Hears of a fetch, and does nothing. */
public final class Silence implements FetchListener {
  @Override
  public void received(Origin from, long bytes) {}

  @Override
  public void written(RepoFile file, long delta) {}

  @Override
  public void connections(int delta) {}

  @Override
  public void retrying(RepoFile file, Trouble trouble, int attempt, Duration delay) {}

  @Override
  public void detail(String text) {}
}
