package dev.tandem.behavior.tuning;

import java.util.List;

/**
 * How a head is trained.
 *
 * @param seed of the folds
 * @param folds in which the penalty, the temperature and the threshold are chosen
 * @param penalties to choose from, strongest first; the search stops where weaker ones no longer help
 * @param precision wanted of the predictions that are not abstained from; the threshold is chosen for it
 */
public record HeadSettings(long seed, int folds, List<Double> penalties, double precision) {

    public static final HeadSettings STANDARD =
            new HeadSettings(20_261_121, 3, List.of(0.1, 0.03, 0.01, 0.003, 0.001, 0.0003), 0.95);

    public HeadSettings {
        penalties = List.copyOf(penalties);
        if (folds < 2 || penalties.isEmpty()) {
            throw new IllegalArgumentException("two folds and one penalty at least");
        }
    }
}
