package dev.tandem.behavior.dataset;

import dev.tandem.behavior.dataset.Finding.Case;
import dev.tandem.behavior.dataset.Finding.Kind;
import dev.tandem.behavior.dataset.Finding.Place;
import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import dev.tandem.domain.Filter;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Query;
import dev.tandem.domain.Searcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * Holds examples against the documents that their reader may read. What is measured on and stands in a document measures
 * copying; a fact that stands in a document is better retrieved than learned, and one that a document denies is learned wrong.
 *
 * <p>Documents are asked for with each example's own words, and the passages that come are compared word by word, sentence by
 * sentence: what is said in other words is not found. Answers of a few words count with the words of their question.
 */
public final class DocumentChecks {

    private static final int PASSAGES = 5;
    private static final int LONGEST_QUERY = 1_000;
    /** A text of fewer words stands somewhere by chance. */
    private static final int FEWEST_WORDS = 6;
    /** Of a text's words and pairs of words: so many stand in the passage. */
    private static final double STANDS = 0.8;

    private final Principal asker;
    private final String collection;
    private final Searcher searcher;

    /** @param searcher by words; asked as {@code asker} */
    public DocumentChecks(Principal asker, String collection, Searcher searcher) {
        this.asker = asker;
        this.collection = collection;
        this.searcher = searcher;
    }

    /** Where something was found, and in what words. */
    private record Standing(Hit hit, String sentence) {
        String in() {
            return hit.document().path();
        }
    }

    /**
     * What is found, the worst first.
     *
     * @param done told how many of the examples were looked at
     */
    public List<Finding> of(Collection<Example> examples, IntConsumer done) {
        boolean labelled = Labels.are(examples);
        List<Example> ordered = examples.stream()
                .sorted(Comparator.comparing(Example::part).thenComparingInt(Example::line))
                .toList();
        var inDocuments = new ArrayList<Case>();
        var contradicted = new ArrayList<Case>();
        var stated = new ArrayList<Case>();
        for (Example example : ordered) {
            if (example.part() != Part.TRAIN) {
                input(example)
                        .ifPresent(found -> inDocuments.add(aCase(
                                example,
                                example.input(),
                                "stands in " + found.in() + (labelled ? "" : answered(example, found)))));
            }
            if (example.part() != Part.TEST && !labelled && example.beside() instanceof Beside.Nothing) {
                facts(example, stated, contradicted);
            }
            done.accept(1);
        }
        var findings = new ArrayList<Finding>();
        add(
                findings,
                Kind.IN_DOCUMENTS,
                true,
                inDocuments,
                "input that is measured on stands in a document: retrieving it measures copying.",
                "inputs that are measured on stand in documents: retrieving them measures copying.");
        add(
                findings,
                Kind.CONTRADICTED_FACTS,
                true,
                contradicted,
                "output has another number than a document: correct it, and retrieve instead.",
                "outputs have other numbers than a document: correct them, and retrieve instead.");
        add(
                findings,
                Kind.STATED_FACTS,
                false,
                stated,
                "output states what stands in a document: retrieve instead, which follows when it changes.",
                "outputs state what stands in documents: retrieve instead, which follows when they change.");
        return List.copyOf(findings);
    }

    private static void add(
            List<Finding> findings, Kind kind, boolean serious, List<Case> cases, String one, String many) {
        if (!cases.isEmpty()) {
            String message = String.format(Locale.ROOT, "%,d %s", cases.size(), cases.size() == 1 ? one : many);
            findings.add(new Finding(kind, serious, message, cases));
        }
    }

    private static Case aCase(Example example, String text, String note) {
        return new Case(text, List.of(new Place(example.part(), example.line(), example.output())), note);
    }

    private Optional<Standing> input(Example example) {
        List<String> words = Texts.words(Texts.form(example.input()));
        if (words.size() < FEWEST_WORDS) {
            return Optional.empty();
        }
        Shingles text = Shingles.of(Texts.form(example.input()));
        return search(example.input()).stream()
                .filter(hit -> text.sharedBy(Shingles.of(Texts.form(hit.chunk().text()))) >= STANDS)
                .findFirst()
                .map(hit -> new Standing(hit, ""));
    }

    private static String answered(Example example, Standing found) {
        return words(found.hit()).containsAll(Texts.words(Texts.form(example.output()))) ? ", with its output" : "";
    }

    private void facts(Example example, List<Case> stated, List<Case> contradicted) {
        List<Fact> facts = Fact.of(example);
        if (facts.isEmpty()) {
            return;
        }
        List<Hit> hits = search(facts.getFirst().brief() ? example.input() + " " + example.output() : example.output());
        for (Fact fact : facts) {
            Optional<Standing> denied = Optional.empty();
            for (Hit hit : hits) {
                Optional<Standing> standing = first(hit, fact::standsIn);
                if (standing.isPresent()) {
                    stated.add(aCase(
                            example,
                            example.output(),
                            "stands in " + hit.document().path() + ": "
                                    + standing.get().sentence()));
                    return;
                }
                if (denied.isEmpty() && !words(hit).containsAll(fact.numbers())) {
                    denied = first(hit, fact::isDeniedBy);
                }
            }
            if (denied.isPresent()) {
                contradicted.add(aCase(
                        example,
                        example.output(),
                        denied.get().in() + " says: " + denied.get().sentence()));
                return;
            }
        }
    }

    private static Optional<Standing> first(Hit hit, Predicate<String> holds) {
        return Texts.sentences(hit.chunk().text()).stream()
                .filter(sentence -> holds.test(Texts.form(sentence)))
                .findFirst()
                .map(sentence -> new Standing(hit, sentence.strip()));
    }

    private static Set<String> words(Hit hit) {
        return new HashSet<>(Texts.words(Texts.form(hit.chunk().text())));
    }

    private List<Hit> search(String text) {
        String query = text.length() > LONGEST_QUERY ? text.substring(0, LONGEST_QUERY) : text;
        return searcher.search(new Query(query, asker, collection, Filter.everything(), PASSAGES));
    }
}
