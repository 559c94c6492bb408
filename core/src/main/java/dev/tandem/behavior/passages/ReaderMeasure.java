package dev.tandem.behavior.passages;

import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.behavior.tuning.ReaderData;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.behavior.worth.Budgets;
import dev.tandem.behavior.worth.Conditions;
import dev.tandem.behavior.worth.Loss;
import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import dev.tandem.domain.OpenSpanReader;
import dev.tandem.domain.SpanReader;
import dev.tandem.measure.AnswerText;
import dev.tandem.measure.Bootstrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Answers, and that there is none: against a reader that needs no training, on the same passages. */
public final class ReaderMeasure extends PassageMeasure {

    /** Test questions that are perturbed. */
    private static final int PERTURBED = 300;

    private final SpanReader plain;

    /** @param plain what it is held against */
    public ReaderMeasure(TunableBase base, SpanReader plain) {
        super(base, ReaderTraining.KIND, ReaderTraining.OUTPUTS);
        this.plain = plain;
    }

    @Override
    boolean isWanted(Example example) {
        return example.beside() instanceof Beside.Context;
    }

    @Override
    Measured of(
            Conditions conditions,
            List<Example> test,
            Lora lora,
            Optional<Linear> head,
            String hash,
            PassageTraining.Listener listener) {
        List<ReaderData.Case> cases = ReaderTraining.cases(test);
        List<String> questions = cases.stream().map(ReaderData.Case::question).toList();
        var before = new TreeMap<String, double[]>();
        var after = new TreeMap<String, double[]>();
        var losses = new ArrayList<Loss>();
        try (OpenSpanReader merged = base.reader(lora, head.orElseThrow(), hash)) {
            listener.on("measuring the reader that is not trained", 0);
            double[] plainF1 = figures(cases, questions, plain, before);
            listener.on("measuring what was tuned", .4);
            double[] mergedF1 = figures(cases, questions, merged, after);
            losses.add(new Loss(
                    Budgets.ACCURACY, "token F1, none where there is none", Bootstrap.difference(plainF1, mergedF1)));
            List<ReaderData.Case> some = ReaderTraining.spread(cases, PERTURBED);
            List<String> asked = some.stream().map(ReaderData.Case::question).toList();
            double[] plainWhole = figures(some, asked, plain, new TreeMap<>());
            double[] mergedWhole = figures(some, asked, merged, new TreeMap<>());
            losses.addAll(robustness(
                    "token F1",
                    asked,
                    listener,
                    new Perturbable(plainWhole, changed -> figures(some, changed, plain, new TreeMap<>())),
                    new Perturbable(mergedWhole, changed -> figures(some, changed, merged, new TreeMap<>()))));
        }
        return new Measured("token_f1", before, after, questions, losses);
    }

    /** Token F1 of each question, and 1 where it is rightly said that there is no answer; into the map goes the rest, too. */
    private static double[] figures(
            List<ReaderData.Case> cases, List<String> questions, SpanReader reader, Map<String, double[]> into) {
        var f1 = new double[cases.size()];
        var exact = new double[cases.size()];
        var told = new double[cases.size()];
        IntStream.range(0, f1.length).parallel().forEach(i -> {
            ReaderData.Case each = cases.get(i);
            Optional<SpanReader.Found> found = reader.read(questions.get(i), List.of(each.passage()))
                    .getFirst()
                    .filter(it -> it.margin() >= 0);
            String said = found.map(it -> each.passage().substring(it.from(), it.to()))
                    .orElse("");
            boolean none = each.answers().isEmpty();
            f1[i] = none ? said.isEmpty() ? 1 : 0 : AnswerText.f1(said, each.answers());
            exact[i] = none ? f1[i] : AnswerText.exactMatch(said, each.answers());
            told[i] = said.isEmpty() == none ? 1 : 0;
        });
        into.put("token_f1", f1);
        into.put("exact_match", exact);
        into.put("answerability", told);
        return f1;
    }
}
