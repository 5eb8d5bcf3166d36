package dev.exodl.hub;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * That the hub answered.
 *
 * @param address that was asked
 * @param status of the answer; 401 is as good as 200 here
 * @param date the hub's clock, if it told it
 * @param took until the answer was here
 */
public record Greeting(String address, int status, Optional<Instant> date, Duration took) {}
