/**
 * A snapshot in one file, for networks without a hub. An <em>archive</em> is a tar file whose first
 * entry, its <em>contents</em>, tells repo, commit, listing and which files are in it; every other
 * entry is a blob, named by its hash. Equal contents give equal bytes. Reading believes nothing: an
 * entry that no archive has is refused, and whoever takes a blob has to digest it.
 */
@NullMarked
package dev.exodl.archive;

import org.jspecify.annotations.NullMarked;
