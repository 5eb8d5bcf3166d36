/**
 * The files of {@code exo-dl preload}. A <em>model list</em> is what a user writes: models, each
 * with its revision, files and place. A <em>lock</em> is what the program writes beside it: the
 * commit of each. Both are YAML, and what is wrong in one is told with its line.
 */
@NullMarked
package dev.exodl.cli.models;

import org.jspecify.annotations.NullMarked;
