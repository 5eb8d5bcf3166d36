/**
 * What {@code exo-dl demo} shows without any network: a hub of its own and a model made for it.
 *
 * <p>The <em>demo hub</em> serves one repo on loopback, as the Hugging Face hub would: small files
 * itself, weights by a redirect to a signed address. The <em>demo model</em> is a small Llama with
 * made-up weights in several safetensors files. The <em>story</em> is a sync of several nodes at
 * once, a second one of one of them, and a check of what is on disk; it is told in <em>steps</em>.
 * This room is part of the product, not a double for tests, and knows nothing of the rooms that it
 * shows.
 */
@NullMarked
package dev.exodl.demo;

import org.jspecify.annotations.NullMarked;
