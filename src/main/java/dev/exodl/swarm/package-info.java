/**
 * One node's part in the swarms of its cluster: it tells what it holds, hears what others hold,
 * asks the coordinator for leases or grants them, and decides from where each chunk comes. A
 * <em>seed</em> is a node that holds a snapshot whole and only serves it.
 */
@NullMarked
package dev.exodl.swarm;

import org.jspecify.annotations.NullMarked;
