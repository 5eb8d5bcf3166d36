/**
 * The edge of the program: commands, what they print, exit codes. A <em>command</em> turns options
 * and settings into a request, hands it to a room that works, and tells the outcome: results on
 * stdout, all else on stderr.
 */
@NullMarked
package dev.exodl.cli;

import org.jspecify.annotations.NullMarked;
