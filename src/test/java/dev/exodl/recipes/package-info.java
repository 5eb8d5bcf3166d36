/**
 * The files of docs/recipes, kept true. A <em>recipe</em> is a file that users copy; a
 * <em>page</em> tells about some.
 */
@NullMarked
package dev.exodl.recipes;

import org.jspecify.annotations.NullMarked;
