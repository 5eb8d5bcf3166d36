package dev.exodl;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** Looks into the program where a test comes between and nothing else needs a way in. */
public final class Fields {
  private Fields() {}

  public static @Nullable Object get(Object of, String name) {
    try {
      Field field = of.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field.get(of);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("no " + name + " in " + of.getClass(), e);
    }
  }
}
