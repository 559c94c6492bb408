package dev.tandem.behavior.tuning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Due;
import dev.tandem.behavior.worth.Loss;
import dev.tandem.behavior.worth.Unseen;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import dev.tandem.measure.Interval;
import java.time.LocalDate;
import java.util.List;

/**
 * A classifier measured again, on the test examples that its dataset has by now: what was decided since it was trained stands
 * in them, and not in it. Where it is not worse than it was, it is good for as long again.
 */
public final class Revalidation {

    private final Registry registry;
    private final Budgets budgets;
    private final LocalDate due;

    /**
     * One that judges by these.
     *
     * @param due the day until which it is good then
     */
    public Revalidation(Registry registry, Budgets budgets, LocalDate due) {
        this.registry = registry;
        this.budgets = budgets;
        this.due = due;
    }

    /**
     * What came of it.
     *
     * @param lost accuracy at its registration less that of now
     * @param exceeded why it is not good for longer; empty where it is
     */
    public record Result(AdapterEntry adapter, TestFigures now, Interval lost, List<String> exceeded) {}

    /**
     * Measures, and keeps what came of it.
     *
     * @param learned the examples of the dataset as it was when the classifier learned from it
     * @param newest the dataset as it is
     * @param examples of that
     * @throws Failure INVALID where there is nothing to measure on
     */
    public Result of(
            Principal owner,
            Classifier classifier,
            List<Example> learned,
            DatasetVersion newest,
            List<Example> examples) {
        AdapterEntry adapter = classifier.adapter();
        List<Example> test = Unseen.of(adapter, learned, newest, examples);
        List<Answer.Labelled> answers =
                classifier.classify(owner, test.stream().map(Example::input).toList());
        TestFigures now = TestFigures.of(
                test.stream().map(Example::output).toList(),
                answers.stream().map(Answer.Labelled::label).toList(),
                answers.stream().mapToDouble(Answer.Labelled::probability).toArray(),
                classifier.threshold());
        ObjectNode figures = (ObjectNode) Worth.figures(adapter);
        Interval lost = Worth.interval(figures.path("test").path("accuracy")).less(now.accuracy());
        var loss = new Loss(Budgets.ACCURACY, "accuracy on the test examples of " + newest.reference(), lost);
        ObjectNode again = Worth.json(List.of(loss), budgets);
        again.put("at", Due.today().toString());
        again.put("dataset", newest.reference());
        again.set("test", ClassifierTraining.json(now));
        figures.set(Worth.AGAIN, again);
        List<String> exceeded = Worth.exceeded(List.of(loss), budgets);
        if (exceeded.isEmpty()) {
            figures.put(Due.FIELD, due.toString());
        }
        return new Result(registry.measured(owner, adapter, figures.toString()), now, lost, exceeded);
    }
}
