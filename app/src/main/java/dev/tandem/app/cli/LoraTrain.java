package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.app.Wiring;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.ClassifierTraining;
import dev.tandem.behavior.tuning.HeadSettings;
import dev.tandem.behavior.tuning.LoraClassifierTraining;
import dev.tandem.behavior.tuning.Objective;
import dev.tandem.behavior.tuning.TestFigures;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import dev.tandem.behavior.worth.Conditions;
import dev.tandem.behavior.worth.Worth;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import dev.tandem.measure.Interval;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A classifier whose encoder is tuned, from the command's words to what a person or a program reads of it. */
final class LoraTrain {

    private final Terminal terminal;
    private final Wiring wiring;
    private final Principal owner;
    private final LoraOptions options;
    private final ProgressLine progress;

    LoraTrain(Session session, Wiring wiring, Principal owner, LoraOptions options) {
        this.terminal = session.terminal();
        this.wiring = wiring;
        this.owner = owner;
        this.options = options;
        this.progress = new ProgressLine(terminal);
    }

    void run(
            String name,
            HeadSettings head,
            ClassifierTraining.Leaked leaked,
            Conditions conditions,
            boolean promote,
            boolean json,
            @Nullable String allowPii,
            @Nullable Objective said,
            Function<CatalogWriter, DatasetVersion> dataset) {
        Trainer trainer = wiring.trainer();
        Path checkpoints =
                wiring.home().checkpoints(owner.tenant()).resolve(owner.user()).resolve(name);
        // What cannot be is refused before anything is kept.
        options.settings(rank -> TrainingSettings.ofRank(rank, head.seed()), checkpoints);
        DatasetVersion version = write(dataset);
        List<Example> examples = wiring.catalog(owner).datasets().examples(owner, version);
        var request = new ClassifierTraining.Request(
                owner,
                name,
                version,
                examples,
                head,
                leaked,
                TrainCommand.consent(wiring, owner, version, examples, allowPii),
                conditions);
        Objective objective = said != null
                ? said
                : Objective.of(examples.stream()
                        .filter(each -> each.part() != Part.TEST)
                        .map(Example::output)
                        .toList());
        TrainingSettings settings =
                options.settings(rank -> TrainingSettings.of(objective, rank, head.seed()), checkpoints);
        Registry registry = wiring.registry(owner);
        var told = new TuningProgress(terminal, progress, options, "accuracy");
        told.begin(settings, "from " + objective.word() + ", ");
        LoraClassifierTraining.Result result;
        try {
            result = new LoraClassifierTraining(this::write, registry, wiring.tunable(), trainer)
                    .run(request, objective, settings, this::show, told);
            told.end();
        } finally {
            progress.clear();
        }
        List<String> against = Worth.against(result.adapter());
        AdapterEntry adapter = promote && against.isEmpty()
                ? write(writer -> writer.adapters().promote(result.adapter(), Registry.PRODUCTION))
                : result.adapter();
        if (json) {
            terminal.out.println(Json.line(json(adapter, result)));
        } else {
            show(adapter, result);
        }
    }

    private <T> T write(Function<CatalogWriter, T> work) {
        return wiring.write(owner, work);
    }

    private void show(ClassifierTraining.Event event) {
        switch (event) {
            case ClassifierTraining.Event.Embedding at ->
                progress.show(
                        (double) at.done() / at.of(),
                        "embedding, " + Text.number(at.done()) + " of " + Text.count(at.of(), "text"));
            case ClassifierTraining.Event.Fitting at -> progress.show(at.share(), "fitting the head to compare with");
        }
    }

    private void show(AdapterEntry adapter, LoraClassifierTraining.Result result) {
        terminal.out.println(terminal.accent(adapter.reference()) + "  " + adapter.kind() + ", "
                + Text.count(result.examples(), "example") + " of " + adapter.dataset());
        terminal.out.println("");
        row("tuned", result.test());
        row("frozen", result.frozen());
        row("untrained", result.base());
        terminal.out.println("");
        result.examined()
                .rows()
                .forEach(each ->
                        terminal.out.println(TrainView.row(terminal, each.name(), each.value(), each.remark())));
        Interval over = result.over();
        boolean pays = over.low() > 0;
        String words = String.format(
                Locale.ROOT,
                "%+.1f points over the frozen head (%+.1f to %+.1f): %s",
                100 * over.value(),
                100 * over.low(),
                100 * over.high(),
                pays
                        ? "better, and not by chance"
                        : over.high() < 0 ? "worse" : "no difference that chance does not make");
        terminal.out.println("");
        terminal.out.println(pays ? terminal.good(words) : terminal.bad(words));
        List<String> against = Worth.against(adapter);
        if (!against.isEmpty()) {
            terminal.out.println(terminal.bad("Not to be promoted: it is worse than its budgets allow."));
            against.forEach(each -> terminal.out.println("    " + each));
        }
        if (result.leaked() > 0) {
            terminal.out.println(terminal.bad("Leaked: " + Text.count(result.leaked(), "test text")
                    + " stood in training; the figures say more than they should."));
        }
        if (!pays) {
            terminal.out.println("Serve the frozen head: tandem train classifier --data " + adapter.dataset());
        }
        terminal.out.println("");
        terminal.out.println(terminal.dim(String.format(
                Locale.ROOT,
                "%.0f s, %s steps, best after epoch %d, %s tokens/s; vectors as served differ by %.1e at most; intervals"
                        + " are of 95%%",
                result.took().toMillis() / 1e3,
                Text.number(result.steps()),
                result.epoch(),
                Text.number(Math.round(result.tokensPerSecond())),
                result.parity())));
    }

    private void row(String name, TestFigures figures) {
        terminal.out.println(String.format(
                Locale.ROOT,
                "%-10s accuracy %5.1f%% (%.1f to %.1f), macro F1 %5.1f%%, calibration error %.1f points",
                name,
                100 * figures.accuracy().value(),
                100 * figures.accuracy().low(),
                100 * figures.accuracy().high(),
                100 * figures.macroF1().value(),
                100 * figures.calibrationError()));
    }

    private static ObjectNode json(AdapterEntry adapter, LoraClassifierTraining.Result result) {
        ObjectNode json = TrainCommand.trained(adapter, result.took(), result.tokensPerSecond());
        json.put("examples", result.examples());
        json.put("epoch", result.epoch());
        json.put("steps", result.steps());
        json.put("parity", result.parity());
        return json;
    }
}
