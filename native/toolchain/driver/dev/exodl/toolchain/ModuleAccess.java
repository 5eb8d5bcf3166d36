package dev.exodl.toolchain;

import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The builder looks into every part of the JDK it runs on, so each package of the JDK's modules is
 * exported and opened to each of the builder's. The list is made from the JDK at hand: hidden
 * packages come and go between its releases.
 */
final class ModuleAccess {

  /** The builder's own compiler takes these modules' place, and has other packages than they. */
  private static final Set<String> REPLACED =
      Set.of("jdk.graal.compiler", "jdk.graal.compiler.management");

  private ModuleAccess() {}

  /** The names of the modules in some jars. */
  static Set<String> modulesIn(List<Path> jars) {
    return ModuleFinder.of(jars.toArray(Path[]::new)).findAll().stream()
        .map(it -> it.descriptor().name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * {@code --add-exports} and {@code --add-opens} of the running JDK's packages to the modules in
   * some jars, sorted.
   */
  static List<String> to(List<Path> jars) {
    var targets = String.join(",", modulesIn(jars));
    return resolved(jars).stream()
        .map(ResolvedModule::reference)
        .map(ModuleReference::descriptor)
        .filter(it -> !REPLACED.contains(it.name()))
        .flatMap(it -> it.packages().stream().map(name -> it.name() + "/" + name))
        .sorted()
        .flatMap(
            it ->
                Stream.of(
                    "--add-exports=%s=%s".formatted(it, targets),
                    "--add-opens=%s=%s".formatted(it, targets)))
        .toList();
  }

  /**
   * The JDK's modules that a JVM has with those jars: those of any program (this one is one), those
   * that the jars require, and what these bring with them. The JVM warns of each option that names
   * another.
   */
  private static Set<ResolvedModule> resolved(List<Path> jars) {
    var system = ModuleFinder.ofSystem();
    var usual = ModuleLayer.boot().modules().stream().map(Module::getName);
    var required =
        ModuleFinder.of(jars.toArray(Path[]::new)).findAll().stream()
            .flatMap(it -> it.descriptor().requires().stream())
            .map(ModuleDescriptor.Requires::name);
    var roots =
        Stream.concat(usual, required)
            .filter(it -> !REPLACED.contains(it) && system.find(it).isPresent())
            .collect(Collectors.toSet());
    return Configuration.empty().resolveAndBind(system, ModuleFinder.of(), roots).modules();
  }
}
