/**
 * The cluster: who is here, who coordinates, and the messages between nodes. JGroups does
 * membership, failure detection and election; nothing outside of this room knows of it.
 */
@NullMarked
package dev.exodl.cluster;

import org.jspecify.annotations.NullMarked;
