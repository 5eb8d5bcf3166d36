package dev.exodl.cli.show;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Handles signals. The JDK's only way is {@code sun.misc.Signal} of module jdk.unsupported; it is
 * reached by reflection because the compiler's warning about it cannot be silenced.
 */
public final class Signals {
  private Signals() {}

  /**
   * Runs the action on a fresh thread at each such signal.
   *
   * @param name without SIG, for example {@code INT}
   * @return false where the system or the JVM does not let us
   */
  @SuppressWarnings("ReferenceEquality") // a proxy's equals has to answer by itself
  public static boolean handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      action.run();
                      yield null;
                    }
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == arguments[0];
                    default -> "signal handler";
                  });
      Object instance = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, instance, proxy);
      return true;
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      return false;
    }
  }
}
