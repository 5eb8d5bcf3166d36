package dev.exodl.cli;

import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Inject;
import picocli.CommandLine.IFactory;

/** The program once the framework runs. */
public final class App implements QuarkusApplication {
  private final IFactory factory;
  private final Program program;

  @Inject
  App(IFactory factory, Program program) {
    this.factory = factory;
    this.program = program;
  }

  @Override
  public int run(String... args) {
    program.stopper().listen();
    int code = CommandLines.of(factory, program.console()).execute(args);
    return Failures.orLost(code, program.console());
  }
}
