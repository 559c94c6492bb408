package dev.tandem.measure;

import java.util.SplittableRandom;

/**
 * Two arms on the same cases, right or wrong, that go wrong on many of the same ones: of each case both arms take one draw
 * together with probability {@code together}, and one each otherwise.
 */
final class SimulatedArms {

    final double[] left;
    final double[] right;

    SimulatedArms(int cases, double accuracy, double difference, double together, SplittableRandom random) {
        left = new double[cases];
        right = new double[cases];
        for (int i = 0; i < cases; i++) {
            double draw = random.nextDouble();
            double other = random.nextDouble() < together ? draw : random.nextDouble();
            left[i] = draw < accuracy + difference ? 1 : 0;
            right[i] = other < accuracy ? 1 : 0;
        }
    }
}
