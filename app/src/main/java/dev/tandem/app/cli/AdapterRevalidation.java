package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.app.Wiring;
import dev.tandem.app.sample.SampleRetrieval;
import dev.tandem.behavior.passages.PassageIndex;
import dev.tandem.behavior.passages.PassageMeasure;
import dev.tandem.behavior.passages.PassageRevalidation;
import dev.tandem.behavior.passages.ReaderMeasure;
import dev.tandem.behavior.passages.RerankerMeasure;
import dev.tandem.behavior.passages.RetrieverMeasure;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.Classifier;
import dev.tandem.behavior.tuning.Revalidation;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Conditions;
import dev.tandem.behavior.worth.Due;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An adapter measured again, on what its dataset has by now. */
final class AdapterRevalidation {

    private final Terminal terminal;
    private final Wiring wiring;
    private final Principal owner;
    private final String reference;

    AdapterRevalidation(Terminal terminal, Wiring wiring, Principal owner, String reference) {
        this.terminal = terminal;
        this.wiring = wiring;
        this.owner = owner;
        this.reference = reference;
    }

    /**
     * Measures it, says what came of it, and keeps it.
     *
     * @return 0 where it is good for longer, else 1
     */
    int run(@Nullable String budget, int days, @Nullable String collection, boolean json) {
        AdapterEntry found = wiring.registry(owner).find(owner, reference);
        DatasetVersion newest = AdaptersCommand.newest(wiring, owner, found)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.MISSING,
                        "The dataset of " + found.reference() + " is not there any more.",
                        "Import it again and train on it: tandem dataset import."));
        List<Example> examples = wiring.catalog(owner).datasets().examples(owner, newest);
        List<Example> learned = AdaptersCommand.learned(wiring, owner, found).orElse(examples);
        LocalDate due = WorthOptions.due(days);
        AdapterEntry measured;
        if (found.task().equals("classify")) {
            Classifier classifier = wiring.classifier(owner, reference);
            measured = new Revalidation(wiring.registry(owner), budgets(Budgets.OF_LABELS, budget), due)
                    .of(owner, classifier, learned, newest, examples)
                    .adapter();
        } else {
            var progress = new ProgressLine(terminal);
            try {
                boolean finds = found.kind().equals(Registry.RETRIEVER);
                var conditions = new Conditions(
                        budgets(Budgets.OF_FINDING, budget), List.of(), finds ? SampleRetrieval.suite() : null, due);
                measured = new PassageRevalidation(wiring.registry(owner), measure(found, collection), conditions)
                        .of(owner, reference, learned, newest, examples, (doing, share) -> progress.show(share, doing))
                        .adapter();
            } finally {
                progress.clear();
            }
        }
        JsonNode again = Worth.figures(measured).path(Worth.AGAIN);
        boolean good = again.path("exceeded").isEmpty();
        if (json) {
            ObjectNode said = Json.object();
            said.put("adapter", measured.reference());
            said.put("due", Due.of(measured).toString());
            again.properties().forEach(each -> said.set(each.getKey(), each.getValue()));
            terminal.out.println(Json.line(said));
        } else {
            show(terminal, again);
            terminal.out.println(
                    good
                            ? measured.reference() + " is good until " + Due.of(measured)
                            : "Train it again: tandem train " + command(measured) + " --data " + newest.name());
        }
        return good ? 0 : 1;
    }

    private static String command(AdapterEntry adapter) {
        return adapter.task().equals("classify") ? "classifier" : adapter.kind();
    }

    private static Budgets budgets(Budgets usual, @Nullable String budget) {
        return budget == null ? usual : usual.with(budget);
    }

    private PassageMeasure measure(AdapterEntry adapter, @Nullable String collection) {
        PassageIndex index =
                collection == null ? PassageIndex.NONE : wiring.passages(owner, collection, PassageTrain.NEAR);
        return switch (adapter.kind()) {
            case Registry.RETRIEVER -> new RetrieverMeasure(wiring.tunable(), index);
            case Registry.RERANKER -> new RerankerMeasure(wiring.tunable(), index);
            default -> new ReaderMeasure(wiring.tunable(), wiring.plainReader());
        };
    }

    /** What was measured since an adapter was registered; nothing where nothing was. */
    static void show(Terminal terminal, JsonNode again) {
        AdaptersCommand.COUNTING.forEach((name, _) -> {
            JsonNode figure = again.path("test").path(name);
            if (figure.isObject()) {
                terminal.out.println(String.format(
                        Locale.ROOT,
                        "Measured again %s on %s: %s %.1f%% (%.1f to %.1f)",
                        again.path("at").asText(),
                        Text.line(again.path("dataset").asText(), 60),
                        name,
                        100 * figure.path("value").asDouble(),
                        100 * figure.path("low").asDouble(),
                        100 * figure.path("high").asDouble()));
            }
        });
        again.path("exceeded")
                .forEach(each -> terminal.out.println(terminal.bad("Not to be promoted: " + each.asText())));
    }
}
