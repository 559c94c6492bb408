package dev.tandem.behavior.tuning;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.behavior.dataset.Families;
import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.model.LoraFiles;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.worth.Due;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.catalog.AdapterDraft;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.OpenEmbedder;
import dev.tandem.domain.Part;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Interval;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The recipe of a classifier whose encoder is tuned with it. It begins with the head on the encoder as it is, tunes both on
 * nine tenths of the training examples, stops by the other tenth and takes temperature and threshold from it; where examples
 * are few, the encoder learns from pairs, and a head is fitted on what comes of it. What is measured
 * is what is served: the adapter read back from its files, merged into the model and run by the runtime that answers. It is
 * measured beside the head on the frozen encoder, which had all training examples, on the same test examples.
 */
public final class LoraClassifierTraining {

    /** Low-rank weights beside an encoder's layers, and a linear head. */
    public static final String KIND = Registry.TUNED;

    /** One part of so many is stopped by. */
    private static final int PARTS = 10;

    private static final int MOST_TOKENS = 128;

    /** Of a component of a vector of length 1, between the trainer's own and those of the model that is served. */
    private static final double TOLERANCE = 1e-3;

    private static final int COMPARED = 32;

    /** Of pairs; as Khosla et al. 2020 have it. */
    private static final double TEMPERATURE = .07;

    /** Test examples that are perturbed. */
    private static final int PERTURBED = 500;

    /**
     * What came of it.
     *
     * @param base label names compared with texts, which needs no examples
     * @param frozen the head on the encoder as it is
     * @param over accuracy of the tuned one less that of the frozen one, case by case
     * @param examined what else was looked at
     * @param leaked test texts that were trained on
     * @param epoch of the best
     */
    public record Result(
            AdapterEntry adapter,
            TestFigures test,
            TestFigures base,
            TestFigures frozen,
            Interval over,
            Examined examined,
            int examples,
            int leaked,
            int epoch,
            int steps,
            double tokensPerSecond,
            double parity,
            Duration took) {}

    /** @param head null where it comes after */
    private record Tuned(Lora lora, @Nullable Head head, int epoch, int steps, double tokensPerSecond) {

        static Tuned of(Trainer.Tuned tuned) {
            return new Tuned(tuned.lora(), tuned.head(), tuned.epoch(), tuned.steps(), tuned.tokensPerSecond());
        }

        static Tuned of(Trainer.TunedEncoder tuned) {
            return new Tuned(tuned.lora(), null, tuned.epoch(), tuned.steps(), tuned.tokensPerSecond());
        }
    }

    /** Writes in turns: others write while it trains. */
    @FunctionalInterface
    public interface Turns {
        <T> T take(Function<CatalogWriter, T> work);
    }

    private final Turns turns;
    private final Registry registry;
    private final TunableBase base;
    private final Trainer trainer;

    public LoraClassifierTraining(Turns turns, Registry registry, TunableBase base, Trainer trainer) {
        this.turns = turns;
        this.registry = registry;
        this.base = base;
        this.trainer = trainer;
    }

    /**
     * Trains, measures and registers.
     *
     * @param objective what the encoder learns from
     * @throws Failure INVALID where the examples do not allow it; BROKEN where what would be served is not what was trained
     */
    public Result run(
            ClassifierTraining.Request request,
            Objective objective,
            TrainingSettings settings,
            ClassifierTraining.Listener listener,
            Trainer.Listener steps) {
        BaseModel model = base.model();
        try {
            return trained(request, objective, settings, model, listener, steps);
        } catch (Failure e) {
            turns.take(writer -> {
                writer.adapters().failed(draft(request, model, "{}", "{}", ""), String.valueOf(e.getMessage()));
                return true;
            });
            throw e;
        }
    }

    private Result trained(
            ClassifierTraining.Request request,
            Objective objective,
            TrainingSettings settings,
            BaseModel model,
            ClassifierTraining.Listener listener,
            Trainer.Listener steps) {
        long began = System.nanoTime();
        request.consent().require(request.examples());
        List<Example> all = ClassifierTraining.usable(request.examples(), request.leaked());
        List<Example> examples =
                request.leaked() == ClassifierTraining.Leaked.DROP ? ClassifierTraining.withoutLeaks(all) : all;
        int leaked = request.leaked() == ClassifierTraining.Leaked.ALLOW
                ? ClassifierTraining.leaks(all).size()
                : 0;
        List<Example> train = part(examples, Part.TRAIN);
        List<Example> test = part(examples, Part.TEST);
        List<String> labels = List.copyOf(new TreeSet<>(outputs(train)));
        int[] classOf = outputs(train).stream().mapToInt(labels::indexOf).toArray();
        int[] families = Families.of(train);
        int[] foldOf = Folds.of(
                classOf, families, labels.size(), PARTS, request.settings().seed());
        int[] learned =
                IntStream.range(0, foldOf.length).filter(i -> foldOf[i] != 0).toArray();
        int[] held =
                IntStream.range(0, foldOf.length).filter(i -> foldOf[i] == 0).toArray();

        var examination = new Examination(
                test, request.conditions(), PERTURBED, request.settings().seed(), true);
        Head start;
        Examination.Sheet frozen;
        TestFigures baseFigures;
        double[] baseScores;
        try (OpenEmbedder embedder = base.embedder()) {
            TextVectors vectors = turns.take(writer -> {
                var known = new TextVectors(writer.vectors(embedder.encoder()), embedder);
                known.prepare(
                        inputs(examples), (done, of) -> listener.on(new ClassifierTraining.Event.Embedding(done, of)));
                return known;
            });
            List<float[]> trainVectors = vectors.of(inputs(train));
            List<float[]> testVectors = vectors.of(inputs(test));
            Head head = HeadTraining.train(
                            trainVectors,
                            outputs(train),
                            families,
                            request.settings(),
                            share -> listener.on(new ClassifierTraining.Event.Fitting(share)))
                    .head();
            start = HeadTraining.train(
                            pick(trainVectors, learned),
                            pick(outputs(train), learned),
                            IntStream.of(learned).map(i -> families[i]).toArray(),
                            request.settings(),
                            _ -> {})
                    .head();
            frozen = examination.answers(head, head.threshold(), testVectors, embedder);
            LabelNames names = LabelNames.of(labels, new TreeMap<>(), embedder);
            baseFigures = TestFigures.of(names, 0, testVectors, outputs(test));
            baseScores = examination.scores(names, testVectors);
        }
        if (!start.labels().equals(labels)) {
            throw new IllegalStateException("a label has no example to learn from");
        }

        List<int[]> tokens = base.tokens(inputs(train), Embedder.Role.PASSAGE, MOST_TOKENS);
        var learnedTexts = new Trainer.Labelled(
                pick(tokens, learned),
                IntStream.of(learned).mapToObj(i -> classOf[i]).toList());
        var heldTexts = new Trainer.Labelled(
                pick(tokens, held), IntStream.of(held).mapToObj(i -> classOf[i]).toList());
        Tuned tuned = objective == Objective.LABELS
                ? Tuned.of(trainer.classifier(model, start, learnedTexts, heldTexts, settings, steps))
                : Tuned.of(trainer.contrast(model, learnedTexts, heldTexts, TEMPERATURE, settings, steps));

        SortedMap<String, byte[]> files = LoraFiles.write(tuned.lora, model);
        Lora readBack = LoraFiles.read(files, model.shape());
        try (OpenEmbedder merged = base.embedder(readBack, LoraFiles.hash(files))) {
            List<Integer> some = IntStream.of(held).limit(COMPARED).boxed().toList();
            double parity = Parity.furthest(
                    trainer.vectors(
                            model, tuned.lora, some.stream().map(tokens::get).toList(), settings.threads()),
                    merged.embed(some.stream().map(i -> train.get(i).input()).toList(), Embedder.Role.PASSAGE));
            if (!(parity <= TOLERANCE)) {
                throw new Failure(
                        Failure.Kind.BROKEN,
                        String.format(
                                Locale.ROOT,
                                "What would be served is not what was trained: vectors differ by up to %.5f, more than"
                                        + " %.3f. Nothing was registered.",
                                parity,
                                TOLERANCE),
                        "Train it again; where that does not help, report it with the settings.");
            }
            Head onTop = tuned.head;
            if (onTop == null) {
                // What the encoder learned from lies nearer together than other texts do: the head is fitted without
                // what
                // temperature and threshold come from.
                onTop = HeadTraining.train(
                                merged.embed(inputs(pick(train, learned)), Embedder.Role.PASSAGE),
                                pick(outputs(train), learned),
                                IntStream.of(learned).map(i -> families[i]).toArray(),
                                request.settings(),
                                share -> listener.on(new ClassifierTraining.Event.Fitting(share)))
                        .head();
            }
            Head head = calibrated(
                    onTop,
                    merged.embed(inputs(pick(train, held)), Embedder.Role.PASSAGE),
                    IntStream.of(held).map(i -> classOf[i]).toArray(),
                    request.settings().precision());
            List<float[]> testVectors = merged.embed(inputs(test), Embedder.Role.PASSAGE);
            Examination.Sheet sheet = examination.answers(head, head.threshold(), testVectors, merged);
            TestFigures figures = sheet.figures(outputs(test));
            TestFigures frozenFigures = frozen.figures(outputs(test));
            Interval over = Bootstrap.difference(sheet.scores(), frozen.scores());
            Examined examined = examination.beside(sheet, frozen);
            files.putAll(HeadFiles.write(head, KIND, model.name(), model.hash()));
            ObjectNode measured = JsonNodeFactory.instance.objectNode();
            measured.set("test", ClassifierTraining.json(figures));
            measured.set("base", ClassifierTraining.json(baseFigures));
            measured.set("frozen", ClassifierTraining.json(frozenFigures));
            measured.set("over_frozen", Worth.json(over));
            measured.set("over_base", Worth.json(Bootstrap.difference(sheet.scores(), baseScores)));
            measured.put("leaked", leaked);
            examined.into(measured);
            measured.put(Due.FIELD, request.conditions().due().toString());
            AdapterDraft draft = draft(
                    request,
                    model,
                    settings(request, objective, settings, tuned).toString(),
                    measured.toString(),
                    LoraCard.of(
                            request,
                            model,
                            objective,
                            settings,
                            tuned.epoch,
                            tuned.steps,
                            labels.size(),
                            figures,
                            frozenFigures,
                            over,
                            examined,
                            train.size(),
                            leaked));
            AdapterEntry adapter = turns.take(writer -> registry.register(writer, draft, files));
            return new Result(
                    adapter,
                    figures,
                    baseFigures,
                    frozenFigures,
                    over,
                    examined,
                    train.size(),
                    leaked,
                    tuned.epoch,
                    tuned.steps,
                    tuned.tokensPerSecond,
                    parity,
                    Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /** The head with temperature and threshold by examples that neither it nor the encoder learned from. */
    private static Head calibrated(Head head, List<float[]> vectors, int[] classOf, double precision) {
        List<double[]> scores = vectors.stream().map(head::scores).toList();
        double temperature = Softmax.temperature(scores, classOf);
        Head cooled = head.dividedBy(temperature);
        return cooled.withThreshold(
                Threshold.of(vectors.stream().map(cooled::probabilities).toList(), classOf, precision));
    }

    private static <T> List<T> pick(List<T> all, int[] which) {
        return IntStream.of(which).mapToObj(all::get).toList();
    }

    private static List<Example> part(List<Example> examples, Part part) {
        return examples.stream().filter(each -> each.part() == part).toList();
    }

    private static List<String> inputs(List<Example> examples) {
        return examples.stream().map(Example::input).toList();
    }

    private static List<String> outputs(List<Example> examples) {
        return examples.stream().map(Example::output).toList();
    }

    private static AdapterDraft draft(
            ClassifierTraining.Request request, BaseModel model, String settings, String figures, String card) {
        return new AdapterDraft(
                request.owner(),
                request.name(),
                request.dataset(),
                KIND,
                "classify",
                model.name(),
                model.hash(),
                settings,
                figures,
                card,
                new TreeMap<>());
    }

    private static ObjectNode settings(
            ClassifierTraining.Request request, Objective objective, TrainingSettings settings, Tuned tuned) {
        ObjectNode json = settings.json();
        json.put("objective", objective.word());
        json.put("best_epoch", tuned.epoch);
        json.put("steps", tuned.steps);
        json.put("precision", request.settings().precision());
        request.consent().reason().ifPresent(reason -> json.put("allow_pii", reason));
        return json;
    }
}
