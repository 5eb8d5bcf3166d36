package dev.exodl.swarm;

/**
 * What a node of a cluster needs of the rest of the program.
 *
 * @param listings how this node finds out what a revision is when it is asked
 * @param seeds what it can give of snapshots that it does not want itself
 * @param serves whether others get chunks from it; false for one that only looks
 * @param hub whether it may ask the hub for content
 * @param version of this program, for people
 */
public record NodePorts(
    ListingSource listings,
    SeedSource seeds,
    boolean serves,
    boolean hub,
    String version,
    NodeListener listener) {}
