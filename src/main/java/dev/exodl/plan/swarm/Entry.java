package dev.exodl.plan.swarm;

import dev.exodl.model.BlobId;

/**
 * A file as a listing names it. The path is as it came and may be hostile.
 *
 * @param size bytes
 */
public record Entry(String path, long size, BlobId blob) {}
