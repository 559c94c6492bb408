package dev.tandem.behavior.model;

import java.util.List;

/** A shape and its values, the last dimension running fastest. The values are not copied: who made them leaves them alone. */
public final class FloatTensor {

    private final List<Integer> shape;
    private final float[] values;

    /** @throws IllegalArgumentException where the shape does not hold as many values */
    public FloatTensor(List<Integer> shape, float[] values) {
        this.shape = List.copyOf(shape);
        this.values = values;
        long count = 1;
        for (int dimension : shape) {
            count *= dimension;
        }
        if (count != values.length) {
            throw new IllegalArgumentException(values.length + " values of shape " + shape);
        }
    }

    /** Of so many rows and columns. */
    public static FloatTensor matrix(int rows, int columns, float[] values) {
        return new FloatTensor(List.of(rows, columns), values);
    }

    public List<Integer> shape() {
        return shape;
    }

    public float[] values() {
        return values;
    }

    /** A matrix with rows as columns. */
    public FloatTensor transposed() {
        int rows = shape.get(0);
        int columns = shape.get(1);
        var turned = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = values[row * columns + column];
            }
        }
        return matrix(columns, rows, turned);
    }
}
