package dev.exodl.hub;

/**
 * Whom the token belongs to. All texts are fit for a terminal.
 *
 * @param type {@code user} or {@code org}
 * @param role the token's: {@code read}, {@code write}, {@code fineGrained}; empty when the hub
 *     does not say
 */
public record Whoami(String name, String type, String role) {}
