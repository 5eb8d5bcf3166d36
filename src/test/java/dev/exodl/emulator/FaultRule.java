package dev.exodl.emulator;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Says for which requests faults happen. Conditions are collected first; {@link #then} makes the
 * rule work. Counting conditions ({@link #skip}, {@link #every}, {@link #times}) count only the
 * requests that all others fit.
 */
public final class FaultRule {

  private final Faults faults;
  private final Set<Where> where;
  private Predicate<LoggedRequest> condition = r -> true;
  private long coveringFrom = -1;
  private long coveringTo = -1;
  private long skip;
  private long every = 1;
  private long times = Long.MAX_VALUE;
  private List<Fault> effects = List.of();
  private long seen;
  private long fired;

  FaultRule(Faults faults, Set<Where> where) {
    this.faults = faults;
    this.where = where.isEmpty() ? EnumSet.allOf(Where.class) : where;
  }

  /** The file's path in its repo or, where no file is asked for, the URL's path. */
  public FaultRule path(Predicate<String> which) {
    return when(
        r -> {
          var file = r.file();
          return which.test(file == null ? r.path() : file);
        });
  }

  public FaultRule path(String exactly) {
    return path(exactly::equals);
  }

  public FaultRule method(String name) {
    return when(r -> r.method().equals(name));
  }

  public FaultRule when(Predicate<LoggedRequest> which) {
    condition = condition.and(which);
    return this;
  }

  /**
   * Only requests whose asked range (none: the whole file) touches bytes {@code [from, to)} of the
   * file.
   */
  public FaultRule covering(long from, long to) {
    coveringFrom = from;
    coveringTo = to;
    return this;
  }

  /** Leaves the first n requests alone. */
  public FaultRule skip(long n) {
    skip = n;
    return this;
  }

  /** Only the n-th request, counted from 1. */
  public FaultRule nth(long n) {
    return skip(n - 1).times(1);
  }

  /** After those skipped: the first, then each n-th. */
  public FaultRule every(long n) {
    every = n;
    return this;
  }

  /** Not more than n times; without it there is no end. */
  public FaultRule times(long n) {
    times = n;
    return this;
  }

  /** From now on. */
  public FaultRule then(Fault... what) {
    effects = List.of(what);
    faults.add(this);
    return this;
  }

  /** How often it happened. */
  public synchronized long fired() {
    return fired;
  }

  public void remove() {
    faults.remove(this);
  }

  /**
   * What is to happen to a request for (part of) a file of the given size; 0 where it is no file.
   */
  synchronized List<Fault> effectsOn(LoggedRequest request, long size) {
    if (!where.contains(request.where())
        || !condition.test(request)
        || !effects.stream().allMatch(f -> fits(f, request, size))) {
      return List.of();
    }
    if (coveringFrom >= 0 && !asked(request, size).touches(coveringFrom, coveringTo)) {
      return List.of();
    }
    long index = seen++ - skip;
    if (index < 0 || index % every != 0 || fired >= times) {
      return List.of();
    }
    fired++;
    return effects;
  }

  private static boolean fits(Fault fault, LoggedRequest request, long size) {
    if (fault.needsBody() && !request.isGet()) {
      return false;
    }
    return switch (fault) {
      case Fault.WrongBytes(long offset, long length) ->
          asked(request, size).touches(offset, offset + length);
      case Fault.IgnoreRange _, Fault.WrongContentRange _ -> request.range() != null;
      case Fault _ -> true;
    };
  }

  private static ByteRange asked(LoggedRequest request, long size) {
    var range = ByteRange.parse(request.range(), size);
    return range == null ? new ByteRange(0, size) : range;
  }
}
