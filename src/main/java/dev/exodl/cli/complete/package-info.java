/**
 * What a shell offers when the user presses Tab. A <em>script</em> tells one shell which words can
 * follow; it is made of <em>verbs</em> (commands), their <em>flags</em> (options) and
 * <em>arguments</em>, which are read from picocli's model of the command line, and of what each
 * <em>wants</em> for a value. What only this machine knows, the cached repos, a script asks the
 * program for: that is a <em>request</em>.
 */
@NullMarked
package dev.exodl.cli.complete;

import org.jspecify.annotations.NullMarked;
