package dev.tandem.behavior.tuning;

import dev.tandem.measure.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Cuts examples into folds so that each has its share of every class, as far as numbers allow. Examples of one family, which
 * are copies or near copies of each other, stand in one fold: a head that has seen a copy is not asked about something new.
 */
final class Folds {

    private Folds() {}

    /** The fold of each example, from 0. Every class is dealt on where the one before it ended, the largest families first. */
    static int[] of(int[] classOf, int[] familyOf, int classes, int folds, long seed) {
        var random = new Random(Seeds.stream(seed, "folds").nextLong());
        var families = new LinkedHashMap<Integer, List<Integer>>();
        for (int i = 0; i < classOf.length; i++) {
            families.computeIfAbsent(familyOf[i], any -> new ArrayList<>()).add(i);
        }
        var byClass = new ArrayList<List<List<Integer>>>();
        IntStream.range(0, classes).forEach(c -> byClass.add(new ArrayList<>()));
        families.values()
                .forEach(members -> byClass.get(classOf[members.getFirst()]).add(members));
        var foldOf = new int[classOf.length];
        int next = 0;
        for (var ofClass : byClass) {
            Collections.shuffle(ofClass, random);
            ofClass.sort(Comparator.comparingInt((List<Integer> members) -> -members.size()));
            for (var members : ofClass) {
                for (int member : members) {
                    foldOf[member] = next % folds;
                }
                next++;
            }
        }
        return foldOf;
    }
}
