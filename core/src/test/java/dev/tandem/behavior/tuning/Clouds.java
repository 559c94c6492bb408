package dev.tandem.behavior.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Unit vectors around one centre for each label: what a sentence encoder makes of texts, in few dimensions. */
final class Clouds {

    final List<float[]> vectors = new ArrayList<>();
    final List<String> labels = new ArrayList<>();
    final List<String> texts = new ArrayList<>();

    private final Random random;
    private final float[][] centres;
    private final double spread;

    Clouds(long seed, int classes, int dimensions, double spread) {
        this.random = new Random(seed);
        this.spread = spread;
        this.centres = new float[classes][];
        for (int c = 0; c < classes; c++) {
            centres[c] = direction(new float[dimensions], 1);
        }
    }

    Clouds add(int perClass) {
        for (int c = 0; c < centres.length; c++) {
            for (int i = 0; i < perClass; i++) {
                vectors.add(direction(centres[c], spread));
                labels.add("label-" + c);
                texts.add("text " + texts.size());
            }
        }
        return this;
    }

    /** Others around the same centres. */
    Clouds others(int perClass) {
        var others = new Clouds(random.nextLong(), centres.length, centres[0].length, spread);
        System.arraycopy(centres, 0, others.centres, 0, centres.length);
        return others.add(perClass);
    }

    private float[] direction(float[] from, double spread) {
        var vector = new float[from.length];
        double squares = 0;
        for (int d = 0; d < vector.length; d++) {
            vector[d] = (float) (from[d] + spread * random.nextGaussian() / Math.sqrt(vector.length));
            squares += vector[d] * vector[d];
        }
        for (int d = 0; d < vector.length; d++) {
            vector[d] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    /** Each a family of its own. */
    int[] families() {
        return java.util.stream.IntStream.range(0, vectors.size()).toArray();
    }

    double accuracy(Labelling labelling) {
        int right = 0;
        for (int i = 0; i < vectors.size(); i++) {
            right += labelling
                            .labels()
                            .get(HeadTraining.argmax(labelling.probabilities(vectors.get(i))))
                            .equals(labels.get(i))
                    ? 1
                    : 0;
        }
        return (double) right / vectors.size();
    }
}
