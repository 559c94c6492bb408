package dev.tandem.behavior.tuning;

import dev.tandem.measure.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.stream.IntStream;

/** Cuts examples into folds so that each has its share of every class, as far as numbers allow. */
final class Folds {

    private Folds() {}

    /** The fold of each example, from 0. Every class is dealt on where the one before it ended. */
    static int[] of(int[] classOf, int classes, int folds, long seed) {
        var random = new Random(Seeds.stream(seed, "folds").nextLong());
        var byClass = new ArrayList<ArrayList<Integer>>();
        IntStream.range(0, classes).forEach(c -> byClass.add(new ArrayList<>()));
        for (int i = 0; i < classOf.length; i++) {
            byClass.get(classOf[i]).add(i);
        }
        var foldOf = new int[classOf.length];
        int next = 0;
        for (var members : byClass) {
            Collections.shuffle(members, random);
            for (int member : members) {
                foldOf[member] = next++ % folds;
            }
        }
        return foldOf;
    }
}
