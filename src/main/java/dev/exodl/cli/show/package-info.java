/**
 * What a person or a program sees on stderr while a sync runs. A <em>display</em> takes events and
 * draws the board's figures; a <em>screen</em> is the terminal or the stream it writes to; a
 * <em>frame</em> is what stands on a terminal at one moment.
 */
@NullMarked
package dev.exodl.cli.show;

import org.jspecify.annotations.NullMarked;
