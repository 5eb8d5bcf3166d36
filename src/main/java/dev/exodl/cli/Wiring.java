package dev.exodl.cli;

import dev.exodl.cli.settings.Settings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Gives the commands what they work with. */
@Singleton
final class Wiring {
  @Produces
  @Singleton
  Program program(Settings settings) {
    Main.Start start = Main.start();
    return new Program(
        settings,
        start.lookup(),
        System.getenv(),
        new SystemConsole(System.getenv(), settings.color()),
        new RealJobs(),
        start.stopper(),
        Clock.systemUTC());
  }
}
