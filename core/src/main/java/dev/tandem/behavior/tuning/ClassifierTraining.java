package dev.tandem.behavior.tuning;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.behavior.dataset.Families;
import dev.tandem.behavior.dataset.Leakage;
import dev.tandem.behavior.dataset.PersonalDataConsent;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.worth.Conditions;
import dev.tandem.behavior.worth.Due;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.catalog.AdapterDraft;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import dev.tandem.measure.Bootstrap;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The recipe of a classifier, from a dataset to a registered adapter: checks, vectors, head, figures, card. What fails on
 * the way is registered as failed, with the reason; nothing else of it stays but the vectors.
 */
public final class ClassifierTraining {

    /** A linear head on an encoder that stays as it is. */
    public static final String KIND = "frozen-head";

    /** What to do with texts that stand in training and in test. */
    public enum Leaked {
        /** Nothing is trained. */
        REFUSE,
        /** Trained all the same, and marked wherever the figures are shown. */
        ALLOW,
        /** The training examples among them are left out. */
        DROP
    }

    /**
     * What to train.
     *
     * @param name of the adapter
     * @param examples of the dataset, as the owner reads them
     * @param consent to learn from personal data
     * @param conditions what it is held against besides
     */
    public record Request(
            Principal owner,
            String name,
            DatasetVersion dataset,
            List<Example> examples,
            HeadSettings settings,
            Leaked leaked,
            PersonalDataConsent consent,
            Conditions conditions) {
        public Request {
            examples = List.copyOf(examples);
        }

        /** Without consent, under the usual conditions. */
        public Request(
                Principal owner,
                String name,
                DatasetVersion dataset,
                List<Example> examples,
                HeadSettings settings,
                Leaked leaked) {
            this(owner, name, dataset, examples, settings, leaked, PersonalDataConsent.NONE, Conditions.ofLabels());
        }
    }

    /** How far it is. */
    public sealed interface Event {
        record Embedding(int done, int of) implements Event {}

        /** Share of the work, in [0, 1]. */
        record Fitting(double share) implements Event {}
    }

    /** Told of each event. */
    @FunctionalInterface
    public interface Listener {
        void on(Event event);
    }

    /** Test examples that are perturbed: enough to see what is fragile, in a few seconds. */
    private static final int PERTURBED = 100;

    /** Where each text goes to a server and may cost money. */
    private static final int PERTURBED_SERVED = 40;

    /**
     * What came of it.
     *
     * @param examined what else was looked at
     * @param examples that were learned from
     * @param leaked texts that stand in training and test, and were trained on
     * @param dropped training examples that were left out for standing in test
     * @param embedded texts that the encoder had to be asked for
     * @param fitting time of the head alone
     */
    public record Result(
            AdapterEntry adapter,
            TestFigures test,
            Examined examined,
            int examples,
            int classes,
            int leaked,
            int dropped,
            double threshold,
            int embedded,
            Duration fitting,
            Duration took) {}

    private final CatalogWriter writer;
    private final Registry registry;
    private final Embedder embedder;

    public ClassifierTraining(CatalogWriter writer, Registry registry, Embedder embedder) {
        this.writer = writer;
        this.registry = registry;
        this.embedder = embedder;
    }

    /**
     * Trains, measures and registers.
     *
     * @throws Failure INVALID where the examples do not allow it; see {@link Fitness}, {@link Leaked} and {@link
     *     PersonalDataConsent}
     */
    public Result run(Request request, Listener listener) {
        try {
            return trained(request, listener);
        } catch (RuntimeException e) {
            try {
                writer.adapters()
                        .failed(
                                draft(request, "{}", "{}", ""),
                                e instanceof Failure ? String.valueOf(e.getMessage()) : e.toString());
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private Result trained(Request request, Listener listener) {
        long start = System.nanoTime();
        request.consent().require(request.examples());
        List<Example> all = usable(request.examples(), request.leaked());
        int leaked = request.leaked() == Leaked.ALLOW ? leaks(all).size() : 0;
        List<Example> kept = request.leaked() == Leaked.DROP ? withoutLeaks(all) : all;
        List<Example> train = part(kept, Part.TRAIN);
        List<Example> test = part(kept, Part.TEST);

        var vectors = new TextVectors(writer.vectors(embedder.encoder()), embedder);
        var texts = new ArrayList<String>();
        train.forEach(each -> texts.add(each.input()));
        test.forEach(each -> texts.add(each.input()));
        vectors.prepare(texts, (done, of) -> listener.on(new Event.Embedding(done, of)));

        HeadTraining.Trained trained = HeadTraining.train(
                vectors.of(train.stream().map(Example::input).toList()),
                train.stream().map(Example::output).toList(),
                Families.of(train),
                request.settings(),
                share -> listener.on(new Event.Fitting(share)));
        Head head = trained.head();
        List<float[]> testVectors = vectors.of(test.stream().map(Example::input).toList());
        int perturbed = embedder.server().isPresent() ? PERTURBED_SERVED : PERTURBED;
        var examination = new Examination(
                test, request.conditions(), perturbed, request.settings().seed(), false);
        Examination.Sheet sheet = examination.answers(head, head.threshold(), testVectors, embedder);
        TestFigures figures = sheet.figures(examination.gold());
        LabelNames names = LabelNames.of(head.labels(), new TreeMap<>(), embedder);
        TestFigures base = TestFigures.of(names, 0, testVectors, examination.gold());
        Examined examined = examination.alone(sheet);
        ObjectNode settings = settings(request, trained);
        ObjectNode measured = figures(figures, base, train.size(), head.labels().size(), leaked);
        measured.set(
                "over_base", Worth.json(Bootstrap.difference(sheet.scores(), examination.scores(names, testVectors))));
        examined.into(measured);
        measured.put(Due.FIELD, request.conditions().due().toString());
        AdapterEntry adapter = registry.register(
                writer,
                draft(
                        request,
                        settings.toString(),
                        measured.toString(),
                        Card.of(request, embedder.encoder(), trained, figures, examined, train.size(), leaked)),
                HeadFiles.write(head, embedder.encoder()));
        return new Result(
                adapter,
                figures,
                examined,
                train.size(),
                head.labels().size(),
                leaked,
                part(all, Part.TRAIN).size() - train.size(),
                head.threshold(),
                vectors.embedded(),
                trained.took(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    /**
     * The examples as they are used, those for validation among those to learn from.
     *
     * @throws Failure INVALID where no classifier can be trained on them, or leaked ones would have to be left out first
     */
    public static List<Example> usable(List<Example> examples, Leaked leaked) {
        Fitness.require(examples);
        List<Example> all = examples.stream()
                .map(each -> each.part() == Part.TEST ? each : each.in(Part.TRAIN))
                .toList();
        List<Leakage.Pair> leaks = leaked == Leaked.REFUSE ? leaks(all) : List.of();
        if (!leaks.isEmpty()) {
            Leakage.Pair first = leaks.getFirst();
            throw new Failure(
                    Failure.Kind.INVALID,
                    leaks.size() + (leaks.size() == 1 ? " text stands" : " texts stand")
                            + " in both training and test, the first in line "
                            + first.trainLine() + " and line " + first.testLine()
                            + ", so that figures would say too much.",
                    "Leave those training examples out with --drop-leaked, or train all the same with --allow-leakage.");
        }
        return all;
    }

    private static List<Example> part(List<Example> examples, Part part) {
        return examples.stream().filter(each -> each.part() == part).toList();
    }

    /** Texts that were learned and are measured on; those that are merely alike are not counted. */
    static List<Leakage.Pair> leaks(List<Example> examples) {
        return Leakage.between(part(examples, Part.TRAIN), part(examples, Part.TEST));
    }

    /**
     * The examples without those to learn from whose text is measured on.
     *
     * @throws Failure INVALID where too little is left to train a classifier on
     */
    public static List<Example> withoutLeaks(List<Example> examples) {
        List<Example> left = examples;
        // Each leak names one training example; the same text may stand there more than once.
        for (List<Leakage.Pair> leaks = leaks(left); !leaks.isEmpty(); leaks = leaks(left)) {
            var texts = new TreeSet<String>();
            leaks.forEach(leak -> texts.add(leak.trainText()));
            left = left.stream()
                    .filter(each -> each.part() == Part.TEST || !texts.contains(each.input()))
                    .toList();
        }
        Fitness.require(left);
        return left;
    }

    private AdapterDraft draft(Request request, String settings, String figures, String card) {
        return new AdapterDraft(
                request.owner(),
                request.name(),
                request.dataset(),
                KIND,
                "classify",
                embedder.encoder().name(),
                embedder.encoder().hash(),
                settings,
                figures,
                card,
                new TreeMap<>());
    }

    private static ObjectNode settings(Request request, HeadTraining.Trained trained) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("seed", request.settings().seed());
        json.put("folds", request.settings().folds());
        json.put("precision", request.settings().precision());
        json.put("penalty", trained.penalty());
        json.put("temperature", rounded(trained.temperature(), 4));
        json.put("threshold", rounded(trained.head().threshold(), 4));
        json.put("leaked", request.leaked().name().toLowerCase(java.util.Locale.ROOT));
        request.consent().reason().ifPresent(reason -> json.put("allow_pii", reason));
        var tried = json.putArray("tried");
        trained.tried().forEach(each -> {
            ObjectNode one = tried.addObject();
            one.put("penalty", each.penalty());
            one.put("loss", rounded(each.loss(), 5));
        });
        return json;
    }

    private static ObjectNode figures(TestFigures test, TestFigures base, int examples, int classes, int leaked) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("test", json(test));
        json.set("base", json(base));
        // It is the head on the frozen encoder itself.
        json.set("frozen", json(test));
        json.put("examples", examples);
        json.put("classes", classes);
        json.put("leaked", leaked);
        return json;
    }

    /** {@code {"accuracy":{"value","low","high"},"macro_f1":{…},"ece","cases","kept","kept_accuracy"}}. */
    public static ObjectNode json(TestFigures test) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("accuracy", Worth.json(test.accuracy()));
        json.set("macro_f1", Worth.json(test.macroF1()));
        json.put("ece", rounded(test.calibrationError(), 4));
        json.put("cases", test.cases());
        json.put("kept", rounded(test.kept(), 4));
        json.put("kept_accuracy", rounded(test.keptAccuracy(), 4));
        return json;
    }

    static double rounded(double value, int digits) {
        return BigDecimal.valueOf(value)
                .setScale(digits, RoundingMode.HALF_EVEN)
                .doubleValue();
    }
}
