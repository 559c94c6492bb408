package dev.tandem.behavior.worth;

import dev.tandem.measure.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A change to a text that changes nothing of what it means to a reader. The same text and seed always give the same; a text
 * that has nothing to change comes back as it is.
 */
public enum Perturbation {
    /** One word in five, of four letters or more, is mistyped: letters swapped, left out, doubled, or a neighbouring key. */
    TYPOS {
        @Override
        String changed(String text, SplittableRandom random) {
            return Typos.in(text, random);
        }
    },
    /** All small letters. */
    LOWER_CASE {
        @Override
        String changed(String text, SplittableRandom random) {
            return text.toLowerCase(Locale.ROOT);
        }
    },
    /** All capitals. */
    UPPER_CASE {
        @Override
        String changed(String text, SplittableRandom random) {
            return text.toUpperCase(Locale.ROOT);
        }
    },
    /** Sentences in another order; of a single one its clauses; of a short one without clauses two neighbouring words. */
    ORDER {
        @Override
        String changed(String text, SplittableRandom random) {
            List<String> sentences = List.of(text.strip().split("(?<=[.!?])\\s+"));
            if (sentences.size() > 1) {
                return String.join(" ", shuffled(sentences, random));
            }
            String end = text.strip().replaceFirst("(?s)^.*?([.!?]*)$", "$1");
            String body = text.strip().substring(0, text.strip().length() - end.length());
            List<String> clauses = List.of(body.split("[,;]\\s+"));
            if (clauses.size() > 1) {
                return String.join(", ", shuffled(clauses, random)) + end;
            }
            var words = new ArrayList<>(List.of(body.split("\\s+")));
            if (words.size() < 3) {
                return text;
            }
            int at = random.nextInt(words.size() - 1);
            words.add(at + 1, words.remove(at));
            return String.join(" ", words) + end;
        }
    },
    /** Words replaced by others that mean the same, from a list of common English ones. */
    SYNONYMS {
        @Override
        String changed(String text, SplittableRandom random) {
            return Synonyms.in(text, random);
        }
    };

    abstract String changed(String text, SplittableRandom random);

    /** The text, perturbed. */
    public String of(String text, long seed) {
        return changed(text, Seeds.stream(seed, word() + "/" + text));
    }

    /** As figures and people write it: {@code typos}, {@code lower_case}, … */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Never as they were, unless all are alike. */
    private static List<String> shuffled(List<String> parts, SplittableRandom random) {
        var moved = new ArrayList<String>(parts);
        for (int i = moved.size() - 1; i > 0; i--) {
            moved.set(i, moved.set(random.nextInt(i + 1), moved.get(i)));
        }
        if (moved.equals(parts)) {
            moved.add(moved.removeFirst());
        }
        return moved;
    }
}
