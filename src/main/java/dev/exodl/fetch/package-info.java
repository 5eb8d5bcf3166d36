/**
 * Moves chunks from where they are to where they belong: connections, their number, retries, rate.
 *
 * <p>A <em>source</em> (the hub, later a peer) opens <em>streams</em> of a file's bytes; a
 * <em>sink</em> takes them and is told when a chunk is whole. A <em>run</em> is adjacent chunks
 * asked for in one request. What can go wrong at a source is a <em>trouble</em>; the retry policy
 * alone turns it into a verdict. This room knows neither hub nor peers nor disk.
 */
@NullMarked
package dev.exodl.fetch;

import org.jspecify.annotations.NullMarked;
