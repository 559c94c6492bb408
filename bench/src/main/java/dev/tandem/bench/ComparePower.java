package dev.tandem.bench;

import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.PairedComparison;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What the comparison of two arms finds, on simulated ones: how often equal arms are called different, and how often arms
 * that are 1, 2 and 5 points apart are. Both arms answer the same cases, right or wrong; of each case they take one draw
 * together with probability .8, as arms that find the same cases hard do, and one each otherwise. "bootstrap alone" is what
 * the paired bootstrap's own p would call.
 *
 * <p>Arguments: {@code --times=1000}, {@code --together=.8}.
 */
final class ComparePower {

    private static final List<Integer> CASES = List.of(50, 100, 300, 1_000, 3_000);
    private static final List<Double> ACCURACIES = List.of(.5, .8, .95);
    private static final double[] DIFFERENCES = {.01, .02, .05};

    private ComparePower() {}

    public static void main(String[] args) {
        int times = (int) option(args, "--times=", 1_000);
        double together = option(args, "--together=", .8);
        System.out.printf(
                Locale.ROOT,
                "%,d pairs of arms each; seed %d; together %.2f; level %.2f%n%n",
                times,
                Bootstrap.SEED,
                together,
                PairedComparison.LEVEL);
        System.out.println(
                "| cases | right | equal arms called different | bootstrap alone | 1 point found | 2 points | 5 points |");
        System.out.println("|--:|--:|--:|--:|--:|--:|--:|");
        for (double accuracy : ACCURACIES) {
            for (int cases : CASES) {
                var row = new StringBuilder(String.format(Locale.ROOT, "| %,d | %.2f |", cases, accuracy));
                var random = new SplittableRandom(Bootstrap.SEED);
                int both = 0;
                int alone = 0;
                for (int time = 0; time < times; time++) {
                    double[][] arms = arms(cases, accuracy, 0, together, random);
                    long seed = random.nextLong();
                    both += PairedComparison.differ(arms[0], arms[1], seed) ? 1 : 0;
                    alone += Bootstrap.pValue(arms[0], arms[1], seed) < PairedComparison.LEVEL ? 1 : 0;
                }
                row.append(share(both, times)).append(share(alone, times));
                for (double difference : DIFFERENCES) {
                    int found = 0;
                    for (int time = 0; time < times; time++) {
                        // The better arm is right no more than always.
                        double lower = Math.min(accuracy, 1 - difference);
                        double[][] arms = arms(cases, lower, difference, together, random);
                        found += PairedComparison.differ(arms[0], arms[1], random.nextLong()) ? 1 : 0;
                    }
                    row.append(share(found, times));
                }
                System.out.println(row);
            }
        }
    }

    private static double[][] arms(
            int cases, double accuracy, double difference, double together, SplittableRandom random) {
        double[][] arms = new double[2][cases];
        for (int i = 0; i < cases; i++) {
            double draw = random.nextDouble();
            double other = random.nextDouble() < together ? draw : random.nextDouble();
            arms[0][i] = draw < accuracy + difference ? 1 : 0;
            arms[1][i] = other < accuracy ? 1 : 0;
        }
        return arms;
    }

    private static String share(int part, int whole) {
        return String.format(Locale.ROOT, " %.1f %% |", 100.0 * part / whole);
    }

    private static double option(String[] args, String name, double otherwise) {
        for (String arg : args) {
            if (arg.startsWith(name)) {
                return Double.parseDouble(arg.substring(name.length()));
            }
        }
        return otherwise;
    }
}
