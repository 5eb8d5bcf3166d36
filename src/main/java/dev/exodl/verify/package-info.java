/**
 * Whether content is what the hub says it is. A <em>blob digest</em> takes a blob's bytes in order
 * as they come and tells at the end whether they are that blob. This room opens no files.
 */
@NullMarked
package dev.exodl.verify;

import org.jspecify.annotations.NullMarked;
