/**
 * Which chunk is fetched next, and how much of a file at once: pure, without IO, clock or threads.
 *
 * <p>The <em>plan state</em> knows of every file which chunks are held and which are in a run. A
 * <em>run</em> is adjacent chunks that one connection fetches. An <em>event</em> is the only thing
 * that changes the state; a <em>step</em> is what the state proposes to do next.
 */
@NullMarked
package dev.exodl.plan;

import org.jspecify.annotations.NullMarked;
