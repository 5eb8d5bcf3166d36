/**
 * One sync from end to end: resolve, list, choose, plan, fetch, verify, place. Wires the rooms,
 * publishes <em>events</em> (things worth a message) and keeps the <em>board</em> (figures worth a
 * bar). Prints nothing.
 */
@NullMarked
package dev.exodl.download;

import org.jspecify.annotations.NullMarked;
