package dev.exodl.toolchain;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A command option that is a builder option under another name. The list is that of the
 * {@code @APIOption} annotations on the option fields of the builder's jars, release 25.0.2, but
 * for {@code -ea}, {@code -da} and {@code -o}.
 */
sealed interface ApiOption {

  /** The name with its dashes. */
  String name();

  /** The builder option's name. */
  String key();

  /** {@code --shared}: a switch that is turned on by being there. */
  record Switch(String name, String key) implements ApiOption {}

  /** {@code --no-fallback}: stands for one value. */
  record Fixed(String name, String key, String value) implements ApiOption {}

  /** {@code --features=a,b}: must have a value. */
  record Valued(String name, String key) implements ApiOption {}

  /** {@code --link-at-build-time[=a,b]}: may have a value. */
  record MaybeValued(String name, String key, String otherwise) implements ApiOption {}

  /** {@code -O3}: the value is glued to the name. */
  record Glued(String name, String key) implements ApiOption {}

  /** {@code --initialize-at-run-time=a,b}: each part of the value gets an ending. */
  record Ended(String name, String key, String ending) implements ApiOption {}

  /**
   * {@code --add-opens m/p=x} or {@code --add-opens=m/p=x}: an option of the builder's JVM as well.
   */
  record Shared(String name, String key) implements ApiOption {}

  List<ApiOption> ALL =
      List.of(
          new Valued("--features", "Features"),
          new Ended("--initialize-at-build-time", "ClassInitialization", ":build_time"),
          new Ended("--initialize-at-run-time", "ClassInitialization", ":run_time"),
          new Ended("--delay-class-initialization-to-runtime", "ClassInitialization", ":run_time"),
          new Ended("--rerun-class-initialization-at-runtime", "ClassInitialization", ":run_time"),
          new Switch("--strict-image-heap", "StrictImageHeap"),
          new MaybeValued("--link-at-build-time", "LinkAtBuildTime", ""),
          new Valued("--link-at-build-time-paths", "LinkAtBuildTimePaths"),
          new MaybeValued("--exact-reachability-metadata", "ThrowMissingRegistrationErrors", ""),
          new Valued("--exact-reachability-metadata-path", "ThrowMissingRegistrationErrorsPaths"),
          new Valued("--future-defaults", "FutureDefaults"),
          new Fixed("--no-fallback", "FallbackThreshold", "0"),
          new Fixed("--auto-fallback", "FallbackThreshold", "5"),
          new Fixed("--force-fallback", "FallbackThreshold", "10"),
          new Fixed("--enable-http", "EnableURLProtocols", "http"),
          new Fixed("--enable-https", "EnableURLProtocols", "https"),
          new Valued("--enable-url-protocols", "EnableURLProtocols"),
          new Switch("--enable-all-security-services", "EnableAllSecurityServices"),
          new MaybeValued(
              "--enable-monitoring", "EnableMonitoringFeatures", "<deprecated-default>"),
          new Shared("--add-exports", "AddExports"),
          new Shared("--add-opens", "AddOpens"),
          new Shared("--add-reads", "AddReads"),
          new Shared("--enable-native-access", "EnableNativeAccess"),
          new Glued("-O", "Optimize"),
          new Fixed("-g", "GenerateDebugInfo", "2"),
          new Valued("-march", "MicroArchitecture"),
          new Valued("--target", "TargetPlatform"),
          new Valued("--libc", "UseLibC"),
          new Switch("--static", "StaticExecutable"),
          new Switch("--static-nolibc", "StaticExecutableWithDynamicLibC"),
          new Switch("--shared", "SharedLibrary"),
          new Valued("--native-compiler-path", "CCompilerPath"),
          new Valued("--native-compiler-options", "CCompilerOption"),
          new Valued("--parallelism", "NumberOfThreads"),
          new MaybeValued("--color", "Color", "always"),
          new Switch("--silent", "BuildOutputSilent"),
          new Valued("--trace-object-instantiation", "TraceObjectInstantiation"),
          new Valued("--trace-class-initialization", "TraceClassInitialization"),
          new Switch("--install-exit-handlers", "InstallExitHandlers"),
          new Switch("--configure-reflection-metadata", "ConfigureReflectionMetadata"),
          new Switch(
              "--report-unsupported-elements-at-runtime", "ReportUnsupportedElementsAtRuntime"),
          new Switch("--allow-incomplete-classpath", "AllowIncompleteClasspath"),
          new Switch("--list-cpu-features", "ListCPUFeatures"),
          new Switch("--list-modules", "ListModules"),
          new Switch("--native-image-info", "DumpTargetInfo"),
          new Switch("--gc=serial", "UseSerialGC"),
          new Switch("--gc=epsilon", "UseEpsilonGC"),
          new Switch("-esa", "RuntimeSystemAssertions"),
          new Switch("-enablesystemassertions", "RuntimeSystemAssertions"));

  /** The option that a word is, with or without a value. */
  static Optional<ApiOption> in(String word) {
    return ALL.stream()
        .filter(
            it ->
                it instanceof Glued
                    ? word.startsWith(it.name())
                    : word.equals(it.name()) || word.startsWith(it.name() + "="))
        .findFirst();
  }

  /**
   * The builder option.
   *
   * @param word the option as written
   * @param rest the words after it: a {@link Shared} takes its value from there if it has none
   * @throws UsageException when there is a value and must be none, or the other way round
   */
  default Settings read(String word, Words rest, Origin origin) {
    return switch (this) {
      case Switch(var name, var key) -> {
        without(name, word);
        yield option(origin.apiSwitch(key, true));
      }
      case Fixed(var name, var key, var value) -> {
        without(name, word);
        yield option(origin.apiOption(key, value));
      }
      case Valued(var name, var key) ->
          option(
              origin.apiOption(key, value(word).orElseThrow(() -> valueless(name + "=<value>"))));
      case MaybeValued(_, var key, var otherwise) ->
          option(origin.apiOption(key, value(word).orElse(otherwise)));
      case Glued(var name, var key) -> {
        if (word.equals(name)) {
          throw valueless(name + "<value>");
        }
        yield option(origin.apiOption(key, word.substring(name.length())));
      }
      case Ended(_, var key, var ending) ->
          option(
              origin.apiOption(
                  key,
                  Arrays.stream(value(word).orElse("").split(","))
                      .map(it -> it.strip() + ending)
                      .collect(joining(","))));
      case Shared(var name, var key) -> {
        var value = value(word).orElseGet(() -> rest.valueOf(name));
        yield new Settings(List.of(origin.apiOption(key, value)), List.of(name + "=" + value));
      }
    };
  }

  private static Settings option(String builderOption) {
    return new Settings(List.of(builderOption), List.of());
  }

  private static Optional<String> value(String word) {
    var equals = word.indexOf('=');
    return equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
  }

  private static void without(String name, String word) {
    if (!word.equals(name)) {
      throw new UsageException("option %s takes no value: %s".formatted(name, word));
    }
  }

  private static UsageException valueless(String form) {
    return new UsageException("option needs a value: " + form);
  }
}
