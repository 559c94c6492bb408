package dev.tandem.behavior.tuning;

import java.util.Arrays;
import java.util.List;

/** From scores to probabilities, and how warm to make them so that they can be believed. */
final class Softmax {

    private Softmax() {}

    /** Of scores divided by the temperature. */
    static float[] of(double[] scores, double temperature) {
        double most = Arrays.stream(scores).max().orElseThrow();
        double all = 0;
        var exp = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            exp[i] = Math.exp((scores[i] - most) / temperature);
            all += exp[i];
        }
        var probabilities = new float[scores.length];
        for (int i = 0; i < scores.length; i++) {
            probabilities[i] = (float) (exp[i] / all);
        }
        return probabilities;
    }

    /** Mean negative log-likelihood of the right classes. */
    static double loss(List<double[]> scores, int[] right, double temperature) {
        double loss = 0;
        for (int i = 0; i < right.length; i++) {
            double[] each = scores.get(i);
            double most = Arrays.stream(each).max().orElseThrow();
            double all = 0;
            for (double score : each) {
                all += Math.exp((score - most) / temperature);
            }
            loss += Math.log(all) - (each[right[i]] - most) / temperature;
        }
        return loss / right.length;
    }

    /** The temperature at which the right classes are likeliest (Guo et al. 2017), between 1/20 and 20. */
    static double temperature(List<double[]> scores, int[] right) {
        // The loss is convex in 1/T; the search is over log T, in which it still has one valley.
        double low = Math.log(1 / 20.0);
        double high = Math.log(20);
        double golden = (Math.sqrt(5) - 1) / 2;
        double a = high - golden * (high - low);
        double b = low + golden * (high - low);
        double atA = loss(scores, right, Math.exp(a));
        double atB = loss(scores, right, Math.exp(b));
        while (high - low > 1e-3) {
            if (atA < atB) {
                high = b;
                b = a;
                atB = atA;
                a = high - golden * (high - low);
                atA = loss(scores, right, Math.exp(a));
            } else {
                low = a;
                a = b;
                atA = atB;
                b = low + golden * (high - low);
                atB = loss(scores, right, Math.exp(b));
            }
        }
        return Math.exp((low + high) / 2);
    }
}
