/**
 * How exo-dl reaches users: install.sh, native/dist and the toolchain, run as processes. A
 * <em>stand-in</em> is a small file in the place of one that takes minutes to build.
 * <em>Source</em> is the folder of a checkout, <em>archive</em> that of an unpacked release.
 */
@NullMarked
package dev.exodl.dist;

import org.jspecify.annotations.NullMarked;
