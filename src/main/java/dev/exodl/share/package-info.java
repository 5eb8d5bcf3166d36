/**
 * Chunks over the LAN: a server of what this node holds, and a source that reads from such servers.
 * The only room with an HTTP server for nodes.
 */
@NullMarked
package dev.exodl.share;

import org.jspecify.annotations.NullMarked;
