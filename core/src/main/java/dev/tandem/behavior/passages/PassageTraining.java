package dev.tandem.behavior.passages;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.behavior.dataset.Families;
import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.model.LoraFiles;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.LoraClassifierTraining.Turns;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Due;
import dev.tandem.behavior.worth.Loss;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.catalog.AdapterDraft;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import dev.tandem.measure.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The recipe that retrievers, rerankers and readers share. A tenth of the training examples is not learned from but stopped
 * by; what comes of it is written, read back, merged into the model and held against what the trainer itself computes; then
 * it is measured on the test examples beside what it began from, question by question.
 */
public abstract sealed class PassageTraining permits RetrieverTraining, RerankerTraining, ReaderTraining {

    /** One part of so many is stopped by. */
    private static final int PARTS = 10;

    private static final int FEWEST = 20;
    private static final int SHOWN = 10;

    private final Turns turns;
    private final Registry registry;
    private final PassageMeasure measure;
    final TunableBase base;
    final Trainer trainer;

    PassageTraining(Turns turns, Registry registry, PassageMeasure measure, Trainer trainer) {
        this.turns = turns;
        this.registry = registry;
        this.measure = measure;
        this.base = measure.base;
        this.trainer = trainer;
    }

    final String kind() {
        return measure.kind();
    }

    /** Told of what is done before and after the steps of training. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Something else is done now.
         *
         * @param share of it that is done
         */
        void on(String doing, double share);
    }

    /** Examples by what they are there for. */
    record Parts(List<Example> learned, List<Example> held, List<Example> test) {}

    abstract String task();

    /** What an example of it has to have, in words. */
    String wanted() {
        return "{\"query\": \"…\", \"passage\": \"…\"}, perhaps with \"negatives\"";
    }

    abstract Trainer.TunedEncoder learn(
            Parts parts, TrainingSettings settings, Listener listener, Trainer.Listener steps);

    /** How far what is served is from what was trained: the largest difference, in units of the tolerance. */
    abstract double parity(Parts parts, Trainer.TunedEncoder tuned, Lora lora, String hash, int threads);

    /** Most that {@link #parity} may be. */
    double tolerance() {
        return 1e-3;
    }

    /**
     * Trains, measures and registers.
     *
     * @throws Failure INVALID where the examples do not allow it; BROKEN where what would be served is not what was trained
     */
    public PassageResult run(
            PassageRequest request, TrainingSettings settings, Listener listener, Trainer.Listener steps) {
        BaseModel model = base.model();
        try {
            return trained(request, settings, model, listener, steps);
        } catch (Failure e) {
            turns.take(writer -> {
                writer.adapters().failed(draft(request, model, "{}", "{}", ""), String.valueOf(e.getMessage()));
                return true;
            });
            throw e;
        }
    }

    private PassageResult trained(
            PassageRequest request,
            TrainingSettings settings,
            BaseModel model,
            Listener listener,
            Trainer.Listener steps) {
        long began = System.nanoTime();
        request.consent().require(request.examples());
        Parts parts = parts(request, settings.seed());
        Trainer.TunedEncoder tuned = learn(parts, settings, listener, steps);

        SortedMap<String, byte[]> files = LoraFiles.write(tuned.lora(), model);
        tuned.head().ifPresent(head -> files.put(TopFiles.NAME, TopFiles.write(head)));
        Lora lora = LoraFiles.read(files, model.shape());
        Optional<Linear> head = measure.head(files);
        String hash = TopFiles.hash(files);
        double parity = parity(parts, tuned, lora, hash, settings.threads());
        if (!(parity <= tolerance())) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    String.format(
                            Locale.ROOT,
                            "What would be served is not what was trained: it differs by up to %.5f, more than %s. Nothing"
                                    + " was registered.",
                            parity,
                            tolerance()),
                    "Train it again; where that does not help, report it with the settings.");
        }
        PassageMeasure.Measured measured = measure.of(request.conditions(), parts.test(), lora, head, hash, listener);
        SortedMap<String, PassageResult.Figure> figures = measured.figures();
        List<String> exceeded =
                Worth.exceeded(measured.losses(), request.conditions().budgets());
        int questions = questions(parts.learned()) + questions(parts.held());
        int cases = questions(parts.test());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("test", PassageResult.json(figures, PassageResult.Figure::after));
        json.set("base", PassageResult.json(figures, PassageResult.Figure::before));
        // What it began from needs no training: the two are the same here.
        json.set("frozen", PassageResult.json(figures, PassageResult.Figure::before));
        json.set("forgetting", losses(measured.losses(), Budgets.FORGETTING));
        json.set("robustness", losses(measured.losses(), Budgets.ROBUSTNESS));
        json.set("over_frozen", PassageResult.json(figures, PassageResult.Figure::over));
        json.set(Worth.FIELD, Worth.json(measured.losses(), request.conditions().budgets()));
        json.put(Due.FIELD, request.conditions().due().toString());
        List<PassageResult.Worse> worse = worse(measured);
        AdapterDraft draft = draft(
                request,
                model,
                settings(request, settings, tuned).toString(),
                json.toString(),
                PassageCard.of(this, request, model, settings, tuned, figures, measured.losses(), exceeded, worse));
        AdapterEntry adapter = turns.take(writer -> registry.register(writer, draft, files));
        return new PassageResult(
                adapter,
                figures,
                measured.losses(),
                exceeded,
                worse,
                questions,
                cases,
                tuned.epoch(),
                tuned.steps(),
                tuned.tokensPerSecond(),
                parity,
                Duration.ofNanos(System.nanoTime() - began));
    }

    private Parts parts(PassageRequest request, long seed) {
        List<Example> good =
                request.examples().stream().filter(measure::isWanted).toList();
        List<Example> train =
                good.stream().filter(each -> each.part() != Part.TEST).toList();
        List<Example> test =
                good.stream().filter(each -> each.part() == Part.TEST).toList();
        if (questions(train) < FEWEST || test.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The dataset " + request.dataset().reference() + " has " + questions(train)
                            + " questions to learn from and " + questions(test) + " to measure on, of "
                            + request.examples().size() + " examples.",
                    "A " + kind() + " wants at least " + FEWEST + " and 1: " + wanted()
                            + "; tandem dataset import reads them.");
        }
        int[] families = families(train);
        var learned = new ArrayList<Example>();
        var held = new ArrayList<Example>();
        for (int i = 0; i < families.length; i++) {
            boolean isHeld = Seeds.stream(seed, "held/" + families[i]).nextInt(PARTS) == 0;
            (isHeld ? held : learned).add(train.get(i));
        }
        if (held.isEmpty()) {
            held.add(learned.removeLast());
        }
        return new Parts(learned, held, test);
    }

    /** Numbers of what must not be parted: what is stopped by would else have been learned from. */
    int[] families(List<Example> examples) {
        return Families.of(examples);
    }

    static int questions(List<Example> examples) {
        return (int) examples.stream().map(Example::input).distinct().count();
    }

    private static ObjectNode losses(List<Loss> losses, String budget) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        losses.stream()
                .filter(loss -> loss.budget().equals(budget))
                .forEach(loss -> json.set(loss.of(), Worth.json(loss.by())));
        return json;
    }

    private static List<PassageResult.Worse> worse(PassageMeasure.Measured measured) {
        double[] before = measured.before().getOrDefault(measured.figure(), new double[0]);
        double[] after = measured.after().getOrDefault(measured.figure(), before);
        return IntStream.range(0, before.length)
                .boxed()
                .filter(i -> after[i] < before[i])
                .sorted(Comparator.comparingDouble(i -> after[i] - before[i]))
                .limit(SHOWN)
                .map(i -> new PassageResult.Worse(measured.questions().get(i), before[i], after[i]))
                .toList();
    }

    private AdapterDraft draft(PassageRequest request, BaseModel model, String settings, String figures, String card) {
        return new AdapterDraft(
                request.owner(),
                request.name(),
                request.dataset(),
                kind(),
                task(),
                model.name(),
                model.hash(),
                settings,
                figures,
                card,
                new TreeMap<>());
    }

    private static ObjectNode settings(PassageRequest request, TrainingSettings settings, Trainer.TunedEncoder tuned) {
        ObjectNode json = settings.json();
        json.put("best_epoch", tuned.epoch());
        json.put("steps", tuned.steps());
        request.consent().reason().ifPresent(reason -> json.put("allow_pii", reason));
        return json;
    }
}
