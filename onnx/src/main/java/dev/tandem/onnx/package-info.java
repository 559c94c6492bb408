/**
 * Sentence encoders on ONNX Runtime, the bundled one among them. {@link dev.tandem.onnx.OnnxEmbedder} is the way in;
 * below it, in reading order: {@code EncoderSettings} (what a model needs to be told), {@code EncoderFiles} (where its
 * files lie and which hash they make), {@code Natives} (where the two native libraries lie), {@code Tokenizer} (text to
 * token ids), {@code Network} (token ids to a vector).
 *
 * <p>The bundled network is quantised to int8 and scales its activations by the largest value of the whole tensor it is
 * given. In a batch that tensor spans all texts, padding included, so a neighbour would change a text's vector. Texts
 * are therefore run one by one, without padding, on as many threads as there are cores: a vector depends on its text and
 * nothing else, and on two cores this is no slower than batches.
 *
 * <p>Nothing here reaches for the network. Native code is loaded at the first text, not when a class is loaded.
 */
@NullMarked
package dev.tandem.onnx;

import org.jspecify.annotations.NullMarked;
