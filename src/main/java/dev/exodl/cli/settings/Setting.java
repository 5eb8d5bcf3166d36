package dev.exodl.cli.settings;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One method of {@link Settings} as data.
 *
 * @param key name in the config file, for example {@code max-rate}
 * @param type what the value is, without {@code Optional}
 * @param also other variables that set it, see {@link About#also()}
 * @param standard the default as it could be written in the config file; null when it is computed
 *     or there is none
 * @param otherwise what is taken when nothing sets it, for people
 */
public record Setting(
    String key,
    Class<?> type,
    String about,
    List<String> also,
    @Nullable String standard,
    String otherwise,
    boolean secret) {

  /** All settings, by key. */
  public static final List<Setting> ALL =
      Arrays.stream(Settings.class.getMethods())
          .map(Setting::of)
          .sorted(Comparator.comparing(Setting::key))
          .toList();

  /** The variable of this program that sets it, for example {@code EXO_DL_MAX_RATE}. */
  public String variable() {
    return "EXO_DL_" + key.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  private static Setting of(Method method) {
    About about = method.getAnnotation(About.class);
    if (about == null) {
      throw new IllegalStateException(method + " lacks @About");
    }
    WithDefault standard = method.getAnnotation(WithDefault.class);
    Class<?> type =
        method.getGenericReturnType() instanceof ParameterizedType optional
            ? (Class<?>) optional.getActualTypeArguments()[0]
            : method.getReturnType();
    // A method cannot be called wait.
    WithName name = method.getAnnotation(WithName.class);
    return new Setting(
        name != null
            ? name.value()
            : method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT),
        type,
        about.value(),
        List.of(about.also()),
        standard == null ? null : standard.value(),
        standard == null ? about.otherwise() : standard.value(),
        about.secret());
  }
}
