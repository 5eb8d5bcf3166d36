package dev.exodl.fetch;

import org.jspecify.annotations.Nullable;

/** Carries a {@link Trouble} from a source to the worker that asked. */
public final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Trouble trouble;

  public SourceException(Trouble trouble, @Nullable Throwable cause) {
    super(trouble.what(), cause);
    this.trouble = trouble;
  }

  public SourceException(Trouble trouble) {
    this(trouble, null);
  }

  public Trouble trouble() {
    return trouble;
  }
}
