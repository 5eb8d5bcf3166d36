/**
 * The Hugging Face hub, asked over HTTP.
 *
 * <p>The <em>endpoint</em> is the hub or a mirror of it; its <em>home</em> origin (scheme, host,
 * port) is the only one that ever sees the token. A <em>listing</em> comes in pages of <em>listed
 * files</em> whose names are not yet checked. A file's bytes come from home or, for large files,
 * from a <em>signed address</em> that home redirects to: foreign, short-lived, and good for all
 * ranges of that file. One <em>exchange</em> is one request and its <em>reply</em>; following
 * redirects is a sequence of exchanges that this room does itself. Nothing is retried here: each
 * method tries once and throws the trouble.
 */
@NullMarked
package dev.exodl.hub;

import org.jspecify.annotations.NullMarked;
