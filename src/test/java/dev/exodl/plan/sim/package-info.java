/**
 * A simulator of swarms: the program's own planners, with wires and messages that exist only as
 * numbers. Time goes in steps; a <em>stream</em> gets its share of both its ends' wires in each.
 */
package dev.exodl.plan.sim;
