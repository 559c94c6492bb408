package dev.tandem.behavior.tuning;

import java.util.List;

/** How likely each label is for a text, of which only the vector is seen. */
public interface Labelling {

    /** The labels, in the order of the probabilities. */
    List<String> labels();

    /** In [0, 1], summing to 1, [labels]. */
    float[] probabilities(float[] vector);
}
