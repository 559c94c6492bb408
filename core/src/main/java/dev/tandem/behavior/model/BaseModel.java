package dev.tandem.behavior.model;

import dev.tandem.domain.Failure;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The weights of a BERT encoder, in float32 and never changed.
 *
 * @param name for people
 * @param hash of the files that they were read from: 64 hex digits
 * @param tensors by their names at Hugging Face, without {@code bert.}
 */
public record BaseModel(String name, String hash, EncoderShape shape, SortedMap<String, FloatTensor> tensors) {

    /** @throws Failure BROKEN where a tensor is missing or of another shape, by its name */
    public BaseModel {
        var kept = new TreeMap<String, FloatTensor>();
        var given = tensors;
        shape.tensors().forEach((tensor, wanted) -> {
            FloatTensor found = given.get(tensor);
            if (found == null || !found.shape().equals(wanted)) {
                throw new Failure(
                        Failure.Kind.BROKEN,
                        "The base model " + name + " cannot be used: its tensor " + tensor
                                + (found == null
                                        ? " is missing."
                                        : " has the shape " + found.shape() + " instead of " + wanted + "."),
                        "Fetch its files again, all of one version.");
            }
            kept.put(tensor, found);
        });
        tensors = Collections.unmodifiableSortedMap(kept);
    }

    /** One of {@link EncoderShape#tensors}. */
    public FloatTensor tensor(String tensor) {
        FloatTensor found = tensors.get(tensor);
        if (found == null) {
            throw new IllegalArgumentException(tensor);
        }
        return found;
    }
}
