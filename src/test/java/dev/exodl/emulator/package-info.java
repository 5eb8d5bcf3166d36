/**
 * A Hugging Face hub for tests: a real HTTP/1.1 server on loopback that gives the hub's answers
 * and, on request, its faults.
 *
 * <p>An <em>emulator</em> has three <em>hosts</em> (listeners on ports of their own, so origins of
 * their own): the hub, the CDN that serves large files by signed URLs, and a foreign host that must
 * never see a token. A <em>repo</em> is a chain of commits, each a map of paths to <em>blobs</em>
 * (content, kept in git or in LFS). A <em>route</em> is what a request asks for; an <em>answer</em>
 * is what the hub says to it; a <em>delivery</em> is how the answer's bytes travel. A
 * <em>fault</em> changes any of these; a <em>fault rule</em> says for which requests.
 *
 * <p>It is written on plain sockets because a test must be able to make faults at the level of
 * bytes.
 */
@NullMarked
package dev.exodl.emulator;

import org.jspecify.annotations.NullMarked;
