package dev.exodl.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jgroups.logging.CustomLogFactory;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;

/**
 * JGroups' warnings and errors, told to whoever listens instead of a log; all below is dropped.
 * JGroups has one log for the process, so all clusters of a process hear all.
 */
final class DetailLog implements Log {
  private static final Set<Consumer<String>> LISTENERS = ConcurrentHashMap.newKeySet();

  private final String name;

  private DetailLog(String name) {
    this.name = name;
  }

  /** To be called before any other class of JGroups is used. */
  static void install() {
    LogFactory.setCustomLogFactory(
        new CustomLogFactory() {
          @Override
          public Log getLog(Class<?> type) {
            return new DetailLog(type.getSimpleName());
          }

          @Override
          public Log getLog(String category) {
            return new DetailLog(category.substring(category.lastIndexOf('.') + 1));
          }
        });
  }

  static void add(Consumer<String> listener) {
    LISTENERS.add(listener);
  }

  static void remove(Consumer<String> listener) {
    LISTENERS.remove(listener);
  }

  private void tell(String text) {
    LISTENERS.forEach(l -> l.accept("jgroups " + name + ": " + text));
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private void tell(String format, Object... args) {
    String text;
    try {
      text = String.format(format, args);
    } catch (java.util.IllegalFormatException e) {
      text = format;
    }
    tell(text);
  }

  private void tell(String text, Throwable cause) {
    tell(text + ": " + cause);
  }

  @Override
  public boolean isFatalEnabled() {
    return true;
  }

  @Override
  public boolean isErrorEnabled() {
    return true;
  }

  @Override
  public boolean isWarnEnabled() {
    return true;
  }

  @Override
  public boolean isInfoEnabled() {
    return false;
  }

  @Override
  public boolean isDebugEnabled() {
    return false;
  }

  @Override
  public boolean isTraceEnabled() {
    return false;
  }

  @Override
  public void fatal(String msg) {
    tell(msg);
  }

  @Override
  public void fatal(String format, Object... args) {
    tell(format, args);
  }

  @Override
  public void fatal(String msg, Throwable cause) {
    tell(msg, cause);
  }

  @Override
  public void error(String msg) {
    tell(msg);
  }

  @Override
  public void error(String format, Object... args) {
    tell(format, args);
  }

  @Override
  public void error(String msg, Throwable cause) {
    tell(msg, cause);
  }

  @Override
  public void warn(String msg) {
    tell(msg);
  }

  @Override
  public void warn(String format, Object... args) {
    tell(format, args);
  }

  @Override
  public void warn(String msg, Throwable cause) {
    tell(msg, cause);
  }

  @Override
  public void info(String msg) {}

  @Override
  public void info(String format, Object... args) {}

  @Override
  public void debug(String msg) {}

  @Override
  public void debug(String format, Object... args) {}

  @Override
  public void debug(String msg, Throwable cause) {}

  @Override
  public void trace(Object msg) {}

  @Override
  public void trace(String msg) {}

  @Override
  public void trace(String format, Object... args) {}

  @Override
  public void trace(String msg, Throwable cause) {}

  @Override
  public void setLevel(String level) {}

  @Override
  public String getLevel() {
    return "warn";
  }
}
