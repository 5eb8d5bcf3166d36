/**
 * The data of a sync, as values without IO, clock or threads.
 *
 * <p>A <em>repo</em> is asked for at a <em>revision</em>; the hub resolves that to a
 * <em>commit</em>, whose files make a <em>snapshot</em>. A file's content is a <em>blob</em>, named
 * by its ETag. A blob is cut into <em>chunks</em>, the unit of planning, exchange and state. A
 * <em>failure</em> says what went wrong, where, and what to do next.
 */
@NullMarked
package dev.exodl.model;

import org.jspecify.annotations.NullMarked;
