/**
 * A simulator of swarms: the program's own planners, with wires and messages that exist only as
 * numbers. Time goes in steps; a <em>stream</em> gets its share of both its ends' wires in each. In
 * a step a node does all at once: it takes what came, hears what was sent in the step before, and
 * begins what it can. So a message takes a step at least; what a stream leaves of a step in which
 * it ends is for those that follow it.
 */
package dev.exodl.plan.sim;
