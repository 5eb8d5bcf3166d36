/**
 * Everything on disk: Hugging Face's cache and local folders, unfinished downloads, and who may
 * write them.
 *
 * <p>A <em>target</em> is where a snapshot goes: a Hugging Face <em>cache</em> or a <em>local
 * dir</em>. A blob on its way is a <em>part</em>: its bytes with holes, a <em>state</em> file that
 * says which chunks are safely on disk, and a <em>journal</em> of chunks that came since. Saving
 * the state is a <em>checkpoint</em>. A part is worked on by one <em>owner</em>, who holds its
 * <em>claim</em>. When the blob is whole and verified it is <em>placed</em>: only then does any
 * other program see it. Parts live in a <em>workshop</em>, a folder of our own that no Hugging Face
 * client looks into.
 *
 * <p>Links below a target's root are never followed when something is written. Each error of the
 * disk is told as a storage failure with what to do next.
 */
@NullMarked
package dev.exodl.store;

import org.jspecify.annotations.NullMarked;
