package dev.exodl.download;

import java.nio.file.Path;

/**
 * What a node that only serves is to share.
 *
 * @param cacheRoot a Hugging Face cache: the folder that holds {@code models--org--name}
 * @param offline never ask the hub, not even for a listing that another node wants
 */
public record ServeRequest(Path cacheRoot, boolean offline) {}
