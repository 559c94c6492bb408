package dev.tandem.assistant;

import java.util.Arrays;

/** A sparse vector under construction: ids of {@link FeatureSpace} and their values. Reused to spare the collector. */
final class Features {

    private int[] ids = new int[128];
    private float[] values = new float[128];
    private int size;

    void clear() {
        size = 0;
    }

    void add(int id, double value) {
        if (value == 0) {
            return;
        }
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        ids[size] = id;
        values[size++] = (float) value;
    }

    int size() {
        return size;
    }

    int id(int i) {
        return ids[i];
    }

    float value(int i) {
        return values[i];
    }

    double dot(float[] weights) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += weights[ids[i]] * values[i];
        }
        return sum;
    }
}
