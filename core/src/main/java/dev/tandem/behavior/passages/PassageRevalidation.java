package dev.tandem.behavior.passages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.behavior.model.LoraFiles;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Conditions;
import dev.tandem.behavior.worth.Due;
import dev.tandem.behavior.worth.Loss;
import dev.tandem.behavior.worth.Unseen;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * A retriever, a reranker or a reader measured again, on the test examples that its dataset has by now: everything that was
 * measured when it was registered, and whether it has lost since. Where nothing is in the way, it is good for as long again.
 */
public final class PassageRevalidation {

    private final Registry registry;
    private final PassageMeasure measure;
    private final Conditions conditions;

    /** One that judges by these conditions; what passes is good until their day. */
    public PassageRevalidation(Registry registry, PassageMeasure measure, Conditions conditions) {
        this.registry = registry;
        this.measure = measure;
        this.conditions = conditions;
    }

    /**
     * What came of it.
     *
     * @param measured as in {@link PassageResult}
     * @param exceeded why it is not good for longer; empty where it is
     */
    public record Result(
            AdapterEntry adapter, SortedMap<String, PassageResult.Figure> measured, List<String> exceeded) {}

    /**
     * Measures, and keeps what came of it.
     *
     * @param reference as {@link Registry#find} takes it
     * @param learned the examples of the dataset as it was when the adapter learned from it
     * @param newest the dataset as it is
     * @param examples of that
     * @throws Failure INVALID where there is nothing to measure on; MISSING, CONFLICT and BROKEN as {@link TunedEncoders} opens
     *     it
     */
    public Result of(
            Principal owner,
            String reference,
            List<Example> learned,
            DatasetVersion newest,
            List<Example> examples,
            PassageTraining.Listener listener) {
        AdapterEntry adapter = TunedEncoders.checked(registry, measure.base, owner, reference, measure.kind());
        List<Example> test = Unseen.of(
                adapter,
                learned,
                newest,
                examples.stream().filter(measure::isWanted).toList());
        SortedMap<String, byte[]> files = registry.read(owner, adapter);
        PassageMeasure.Measured measured = measure.of(
                conditions,
                test,
                LoraFiles.read(files, measure.base.shape()),
                measure.head(files),
                TopFiles.hash(files),
                listener);
        SortedMap<String, PassageResult.Figure> figures = measured.figures();
        ObjectNode json = (ObjectNode) Worth.figures(adapter);
        var losses = new ArrayList<>(measured.losses());
        PassageResult.Figure counting = figures.get(measured.figure());
        JsonNode then = json.path("test").path(measured.figure());
        if (counting != null && then.isObject()) {
            losses.add(new Loss(
                    Budgets.ACCURACY,
                    measured.figure() + " on the test examples of " + newest.reference(),
                    Worth.interval(then).less(counting.after())));
        }
        ObjectNode again = Worth.json(losses, conditions.budgets());
        again.put("at", Due.today().toString());
        again.put("dataset", newest.reference());
        again.put("cases", PassageTraining.questions(test));
        again.set("test", PassageResult.json(figures, PassageResult.Figure::after));
        again.set("base", PassageResult.json(figures, PassageResult.Figure::before));
        json.set(Worth.AGAIN, again);
        List<String> exceeded = Worth.exceeded(losses, conditions.budgets());
        if (exceeded.isEmpty()) {
            json.put(Due.FIELD, conditions.due().toString());
        }
        return new Result(registry.measured(owner, adapter, json.toString()), figures, exceeded);
    }
}
