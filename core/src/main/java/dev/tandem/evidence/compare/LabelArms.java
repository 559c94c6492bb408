package dev.tandem.evidence.compare;

import dev.tandem.behavior.dataset.Families;
import dev.tandem.behavior.tuning.Blend;
import dev.tandem.behavior.tuning.HeadSettings;
import dev.tandem.behavior.tuning.HeadTraining;
import dev.tandem.behavior.tuning.LabelNames;
import dev.tandem.behavior.tuning.Labelling;
import dev.tandem.behavior.tuning.Likeliest;
import dev.tandem.behavior.tuning.NearestExamples;
import dev.tandem.behavior.tuning.TextVectors;
import dev.tandem.catalog.Sha256;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Answerer;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Example;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleConsumer;
import java.util.function.Function;

/**
 * The four ways to label a text, made from the same training examples: {@code baseline} knows the names of the labels alone,
 * {@code rag} retrieves the nearest examples and lets them vote, {@code tuned} is a trained head, {@code hybrid} weighs the
 * last two. All see a text as the same vector, so that what is compared is what they make of it.
 */
public final class LabelArms {

    private static final int SHOWN_LABELS = 3;
    private static final int SHOWN_NEIGHBOURS = 5;

    private final List<String> texts;
    private final List<String> labels;
    private final int[] families;
    private final SortedMap<String, String> descriptions;
    private final TextVectors vectors;
    private final Embedder embedder;
    private final HeadSettings settings;

    /**
     * From examples, of which only the inputs and outputs are used.
     *
     * @param descriptions of labels, for the arm that has only names; may be empty
     * @param vectors in which those of the examples and of the suite are at hand
     */
    public LabelArms(
            List<Example> train,
            SortedMap<String, String> descriptions,
            TextVectors vectors,
            Embedder embedder,
            HeadSettings settings) {
        this.texts = train.stream().map(Example::input).toList();
        this.labels = train.stream().map(Example::output).toList();
        this.families = Families.of(train);
        this.descriptions = descriptions;
        this.vectors = vectors;
        this.embedder = embedder;
        this.settings = settings;
    }

    /** The arms that are wanted, in the order of {@link Arm}; told the share of the work of making them. */
    public List<Contender> make(Set<Arm> wanted, DoubleConsumer progress) {
        List<float[]> known = vectors.of(texts);
        boolean neighbours = wanted.contains(Arm.RAG) || wanted.contains(Arm.HYBRID);
        boolean head = wanted.contains(Arm.TUNED) || wanted.contains(Arm.HYBRID);
        NearestExamples nearest =
                neighbours ? NearestExamples.of(texts, labels, families, known, settings.seed()) : null;
        HeadTraining.Trained trained = head ? HeadTraining.train(known, labels, families, settings, progress) : null;
        var contenders = new ArrayList<Contender>();
        for (Arm arm : EnumSet.copyOf(wanted)) {
            SortedMap<String, String> made = made();
            switch (arm) {
                case BASELINE -> {
                    made.put("descriptions", Sha256.hex(descriptions.toString()));
                    contenders.add(runs(
                            arm,
                            LabelNames.of(new TreeSet<>(labels), descriptions, embedder),
                            vector -> List.of(),
                            made));
                }
                case RAG -> {
                    NearestExamples index = required(nearest);
                    made.put("voters", String.valueOf(index.voters()));
                    made.put("sharpness", String.valueOf(index.sharpness()));
                    contenders.add(runs(arm, index, vector -> index.nearest(vector, SHOWN_NEIGHBOURS), made));
                }
                case TUNED -> {
                    HeadTraining.Trained learned = required(trained);
                    made.put("penalty", String.valueOf(learned.penalty()));
                    contenders.add(runs(arm, learned.head(), vector -> List.of(), made));
                }
                case HYBRID -> {
                    NearestExamples index = required(nearest);
                    Blend blend = Blend.chosen(required(trained), index, known, labels, settings.seed());
                    made.put("weight", String.valueOf(blend.weight()));
                    contenders.add(runs(arm, blend, vector -> index.nearest(vector, SHOWN_NEIGHBOURS), made));
                }
            }
        }
        return contenders;
    }

    private SortedMap<String, String> made() {
        var made = new TreeMap<String, String>();
        made.put("encoder", embedder.encoder().hash());
        made.put("seed", String.valueOf(settings.seed()));
        made.put("folds", String.valueOf(settings.folds()));
        made.put("penalties", settings.penalties().toString());
        return made;
    }

    private Contender runs(
            Arm arm,
            Labelling labelling,
            Function<float[], List<Answer.Neighbour>> neighbours,
            SortedMap<String, String> made) {
        String by = arm.name().toLowerCase(Locale.ROOT);
        Answerer answerer = query -> {
            float[] vector = vectors.of(query.text());
            return Likeliest.answer(labelling, vector, SHOWN_LABELS, neighbours.apply(vector), by);
        };
        // As a person would wait for it: the vector is not there yet.
        Answerer timed = query -> {
            float[] vector =
                    embedder.embed(List.of(query.text()), Embedder.Role.PASSAGE).getFirst();
            return Likeliest.answer(labelling, vector, SHOWN_LABELS, neighbours.apply(vector), by);
        };
        return new Contender.Runs(arm.toString(), answerer, timed, Contender.Cost.NOTHING, made);
    }

    private static <T> T required(@org.jspecify.annotations.Nullable T made) {
        if (made == null) {
            throw new IllegalStateException("an arm was not made");
        }
        return made;
    }
}
