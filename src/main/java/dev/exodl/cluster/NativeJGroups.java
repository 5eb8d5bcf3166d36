package dev.exodl.cluster;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jgroups.logging.CustomLogFactory;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;
import org.jgroups.logging.NoopLogImpl;
import org.jgroups.stack.DiagnosticsHandler;
import org.jgroups.util.ThreadCreator;
import org.jgroups.util.ThreadFactory;
import org.jgroups.util.ThreadPool;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * What a native image has in place of parts of JGroups that are never used here and would bring
 * much with them; the image's build stops when JGroups no longer has one of these methods.
 */
final class NativeJGroups {
  private NativeJGroups() {}

  /** Other logs are of frameworks that are not there, which an image may not even name. */
  @TargetClass(LogFactory.class)
  static final class Logs {
    @Alias static @Nullable CustomLogFactory custom_log_factory;

    private Logs() {}

    @Substitute
    static Log getLog(Class<?> type) {
      CustomLogFactory factory = custom_log_factory;
      return factory == null ? new NoopLogImpl() : factory.getLog(type);
    }
  }

  /** Its answers to questions by UDP and TCP take JMX. It is off in a stack built in code. */
  @TargetClass(DiagnosticsHandler.class)
  static final class Diagnostics {
    private Diagnostics() {}

    @Substitute
    Diagnostics start() {
      return this;
    }
  }

  /** By method handles it would take platform threads, and say nothing, when one is not found. */
  @TargetClass(ThreadCreator.class)
  static final class VirtualThreads {
    private VirtualThreads() {}

    @Substitute
    static boolean hasVirtualThreads() {
      return true;
    }

    @Substitute
    static Thread newVirtualThread(Runnable task) {
      return Thread.ofVirtual().unstarted(task);
    }

    @Substitute
    static @Nullable MethodHandle getCreateVThreadHandle() {
      return null;
    }
  }

  /** As {@link VirtualThreads}. */
  @TargetClass(ThreadPool.class)
  static final class VirtualPool {
    private VirtualPool() {}

    @Substitute
    static ExecutorService newVirtualThreadPool(ThreadFactory factory) {
      return Executors.newThreadPerTaskExecutor(factory);
    }

    @Substitute
    static @Nullable MethodHandle getNewThreadPerTaskExecutorHandle() {
      return null;
    }
  }

  /** Written to the log when a pool of platform threads is full: JMX again. */
  @TargetClass(Util.class)
  static final class Threads {
    private Threads() {}

    @Substitute
    static String dumpThreads() {
      return "";
    }
  }
}
