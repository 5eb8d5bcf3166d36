package dev.exodl.cli;

import dev.exodl.cli.complete.CompletionRequest;
import dev.exodl.cli.settings.FoundSettings;
import dev.exodl.cli.settings.SettingsLookup;
import dev.exodl.hub.HttpDefaults;
import dev.exodl.model.ExitCode;
import dev.exodl.model.FailureException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * Where the process starts and, alone, ends. Help, version and wrong usage are answered without the
 * framework, whose start costs more than they do.
 */
@QuarkusMain
public final class Main {
  /** Below it there can be nothing, on any system. */
  private static final String NO_FOLDER = "/dev/null";

  private static volatile @Nullable Start started;

  /** What was found out before the framework started. */
  record Start(SettingsLookup.Lookup lookup, Stopper stopper) {}

  private Main() {}

  /** Runs the program and ends the process with its exit code. */
  public static void main(String... args) {
    // GraalVM's documented property: set in an image only.
    if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
      NativePipes.caught();
    }
    HttpDefaults.apply();
    System.exit(run(args, System.getenv()));
  }

  static Start start() {
    Start start = started;
    if (start == null) {
      throw new IllegalStateException("the program was not started by its main");
    }
    return start;
  }

  private static int run(String[] args, Map<String, String> environment) {
    Console console = new SystemConsole(environment, true);
    if (CompletionRequest.is(args)) {
      String home = System.getProperty("user.home", "/");
      console.out().print(CompletionRequest.answer(args, environment, home));
      return Failures.orLost(ExitCode.OK.number(), console);
    }
    AotTraining.rehearse();
    try {
      Optional<Integer> answered = answerPlainly(args, console);
      if (answered.isPresent()) {
        return Failures.orLost(answered.get(), console);
      }
      SettingsLookup.Lookup lookup =
          SettingsLookup.of(environment, System.getProperty("user.home", "/"));
      FoundSettings.use(lookup);
      Stopper stopper = new Stopper(code -> stopped(code, CommandLines.wantsJson(args), console));
      stopper.listen();
      started = new Start(lookup, stopper);
    } catch (FailureException e) {
      return Failures.tell(console, e.failure(), CommandLines.wantsJson(args), false, e);
    }
    return runApp(args, console);
  }

  /** Tells that a signal ended work that has nothing to keep. */
  static void stopped(ExitCode code, boolean json, Console console) {
    String word = code == ExitCode.TERMINATED ? "terminated" : "interrupted";
    console.tell("exo-dl: " + word);
    if (json) {
      JsonOutput.print(
          console.out(),
          JsonOutput.failure(code, word, word, "exo-dl", "run the same command again"));
    }
  }

  /** The exit code when nothing has to be done but to print. */
  static Optional<Integer> answerPlainly(String[] args, Console console) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      // The model of all commands would take longer than the rest of the run.
      console.out().println(Version.line());
      return Optional.of(ExitCode.OK.number());
    }
    CommandLine line = CommandLines.of(CommandLine.defaultFactory(), console);
    if (args.length == 0) {
      console.err().write(line.getUsageMessage());
      return Optional.of(ExitCode.USAGE.number());
    }
    ParseResult parsed;
    try {
      parsed = line.parseArgs(args);
      UsageErrors.refuseUnknownCommand(parsed);
    } catch (CommandLine.ParameterException e) {
      return Optional.of(
          Failures.tell(console, UsageErrors.of(e), CommandLines.wantsJson(args), false, e));
    }
    boolean plain = isPlain(parsed);
    return plain ? Optional.of(line.execute(args)) : Optional.empty();
  }

  private static boolean isPlain(ParseResult parsed) {
    ParseResult last = parsed;
    while (true) {
      if (last.isUsageHelpRequested() || last.isVersionHelpRequested()) {
        return true;
      }
      if (!last.hasSubcommand()) {
        return !(last.commandSpec().userObject() instanceof ProgramCommand);
      }
      last = last.subcommand();
    }
  }

  private static int runApp(String[] args, Console console) {
    AtomicReference<@Nullable Integer> code = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    // The framework would take settings from .env and config/ of whatever folder the user is in.
    // Paths
    // stay relative to where the user is: the file system takes that folder when it is first asked.
    String here = Path.of("").toAbsolutePath().toString();
    System.setProperty("user.dir", NO_FOLDER);
    try {
      Quarkus.run(
          App.class,
          (exitCode, error) -> {
            code.set(exitCode);
            thrown.set(error);
          },
          args);
    } catch (RuntimeException | Error e) {
      thrown.set(e);
    } finally {
      System.setProperty("user.dir", here);
    }
    Throwable error = thrown.get();
    if (error != null) {
      start().stopper().answering();
      boolean debug = System.getenv().getOrDefault("EXO_DL_DEBUG", "").matches("(?i)1|on|yes|true");
      return Failures.tell(console, Failures.of(error), CommandLines.wantsJson(args), debug, error);
    }
    Integer answered = code.get();
    return answered == null ? ExitCode.INTERNAL.number() : answered;
  }
}
