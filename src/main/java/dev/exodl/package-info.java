/**
 * exo-dl: gets a large model onto every node. The rooms below this package follow the data's way.
 */
@NullMarked
package dev.exodl;

import org.jspecify.annotations.NullMarked;
