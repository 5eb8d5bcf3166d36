/**
 * What is in files of weights, and who needs it: pure, without IO, clock or threads.
 *
 * <p>A <em>header</em> is the beginning of a weight file that tells its <em>tensors</em>: name,
 * type, shape, and where in the file the bytes are. A tensor has a <em>position</em> in the model:
 * in a layer, or among what has no layer number. <em>Layers</em> are what somebody asks for, a
 * <em>split</em> deals a model's layers out to nodes, and <em>needed</em> are the tensors that go
 * with them.
 */
@NullMarked
package dev.exodl.weights;

import org.jspecify.annotations.NullMarked;
