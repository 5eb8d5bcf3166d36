/**
 * The settings and where each comes from. A <em>setting</em> stands once, as a method of {@link
 * Settings}. Its <em>origin</em> is the place that gave the value: a variable of the environment,
 * the config file or the default. {@link SettingsLookup} finds all of them before the framework
 * starts, so that a bad one is a clear line.
 */
@NullMarked
package dev.exodl.cli.settings;

import org.jspecify.annotations.NullMarked;
