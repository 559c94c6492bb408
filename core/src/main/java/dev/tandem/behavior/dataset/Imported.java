package dev.tandem.behavior.dataset;

import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What stands in files.
 *
 * @param examples in the order of the files; in part {@code TRAIN} where the file does not say
 * @param placed places, in the list, of the examples whose file says in which part they stand
 * @param rejected rows that are no examples
 * @param format of the files, such as {@code csv}; {@code mixed} where they differ
 * @param files their names, without folders
 */
public record Imported(
        List<Example> examples, Set<Integer> placed, List<Rejected> rejected, String format, List<String> files) {

    public Imported {
        examples = List.copyOf(examples);
        placed = Set.copyOf(placed);
        rejected = List.copyOf(rejected);
        files = List.copyOf(files);
    }

    /** The same with every example in that part, whatever its file says. */
    public Imported in(Part part) {
        var all = new HashSet<Integer>();
        for (int i = 0; i < examples.size(); i++) {
            all.add(i);
        }
        return new Imported(examples.stream().map(example -> example.in(part)).toList(), all, rejected, format, files);
    }

    /** This and what stands in other files. */
    public Imported and(Imported other) {
        var all = new ArrayList<>(examples);
        all.addAll(other.examples);
        var places = new HashSet<>(placed);
        other.placed.forEach(place -> places.add(place + examples.size()));
        var reasons = new ArrayList<>(rejected);
        reasons.addAll(other.rejected);
        var names = new ArrayList<>(files);
        names.addAll(other.files);
        return new Imported(all, places, reasons, format.equals(other.format) ? format : "mixed", names);
    }

    /** Those examples, with those that no file placed put into parts; see {@link Split}. */
    public List<Example> split(long seed, double validationShare, double testShare) {
        return Split.of(examples, placed, seed, validationShare, testShare);
    }
}
