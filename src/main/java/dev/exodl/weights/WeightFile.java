package dev.exodl.weights;

/**
 * A weight file of a repo.
 *
 * @param path in the repo
 * @param size of the whole file in bytes
 */
public record WeightFile(String path, long size, Header header) {}
