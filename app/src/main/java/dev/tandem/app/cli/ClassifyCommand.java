package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.app.Wiring;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.FollowedClassifier;
import dev.tandem.behavior.worth.Due;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tandem classify}: labels for texts, one or thousands. */
@Command(
        name = "classify",
        header = "Label texts with a classifier that you trained.",
        description = {
            "Without a text, labels each line of standard input: label, probability, and the line, separated by tabs;"
                    + " lines come out as they go in, empty ones are passed over.",
            "A probability below the classifier's threshold is marked with a question mark: it was often wrong there.",
        },
        footer = {
            "  tandem classify \"My card has not arrived yet\"",
            "  tandem classify --adapter queues@candidate \"The alarm came two hours late\"",
            "  tandem classify --json < texts.txt | jq -r .label",
        },
        mixinStandardHelpOptions = true)
final class ClassifyCommand implements Runnable {

    private static final int BATCH = 256;

    private final Session session;

    @Parameters(arity = "0..*", paramLabel = "TEXT", description = "in quotes or as bare words")
    private List<String> words = List.of();

    @Option(
            names = "--adapter",
            paramLabel = "NAME[@ALIAS]",
            description = "which classifier: an alias or the first digits of a hash after the @ (default: production,"
                    + " else candidate, of the only one that there is)")
    private @Nullable String adapter;

    @Option(names = "--json", description = "one JSON object for each text, one a line")
    private boolean json;

    @Mixin
    private Scope scope = new Scope();

    @Mixin
    private Place place = new Place();

    ClassifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Terminal terminal = session.terminal();
        Principal asker = scope.asker();
        try (Wiring wiring = Wiring.of(place.home(session.environment()), session.environment());
                FollowedClassifier classifier = wiring.followed(
                        asker,
                        adapter != null ? adapter : only(wiring.registry(asker), asker),
                        failure -> terminal.err.println(
                                failure.getMessage() + " " + failure.nextStep() + " The one before it goes on."))) {
            AdapterEntry used = classifier.adapter();
            if (Due.isOver(used, Due.today())) {
                terminal.err.println("The classifier " + used.reference() + " was to be measured again by "
                        + Due.of(used) + ": tandem adapters revalidate " + used.reference());
            }
            if (words.isEmpty()) {
                lines(classifier);
                return;
            }
            String text = String.join(" ", words);
            if (text.isBlank()) {
                throw new Failure(
                        Failure.Kind.INVALID, "There is no text to label.", "Give one: tandem classify \"…\".");
            }
            FollowedClassifier.Answered answered = classifier.classify(List.of(text));
            Answer.Labelled label = answered.labels().getFirst();
            if (json) {
                terminal.out.println(Json.line(json(text, label, answered)));
                return;
            }
            for (Answer.LabelScore each : label.ranked()) {
                boolean best = each.label().equals(label.label());
                String line = String.format(
                        Locale.ROOT, "%5.1f%%  %s", 100 * each.probability(), Text.line(each.label(), 80));
                terminal.out.println(best ? terminal.accent(line) : terminal.dim(line));
            }
            if (label.probability() < answered.threshold()) {
                terminal.err.println(String.format(
                        Locale.ROOT, "Not sure: below the threshold of %.0f%%.", 100 * answered.threshold()));
            }
        }
    }

    private void lines(FollowedClassifier classifier) {
        var batch = new ArrayList<String>();
        try (var in = new BufferedReader(new InputStreamReader(session.terminal().in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isBlank()) {
                    batch.add(line.strip());
                }
                // What stands ready is answered at once, so that a program may write a line and wait for its label.
                if (batch.size() == BATCH || (!batch.isEmpty() && !in.ready())) {
                    print(classifier, batch);
                }
            }
            print(classifier, batch);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "Standard input could not be read.",
                    "Give a text: tandem classify \"…\".",
                    e);
        }
    }

    private void print(FollowedClassifier classifier, List<String> batch) {
        if (batch.isEmpty()) {
            return;
        }
        Terminal terminal = session.terminal();
        FollowedClassifier.Answered answered = classifier.classify(batch);
        List<Answer.Labelled> labels = answered.labels();
        for (int i = 0; i < batch.size(); i++) {
            Answer.Labelled label = labels.get(i);
            String mark = label.probability() < answered.threshold() ? "?" : "";
            terminal.out.println(
                    json
                            ? Json.line(json(batch.get(i), label, answered))
                            : Text.line(label.label(), Integer.MAX_VALUE) + "\t"
                                    + String.format(Locale.ROOT, "%.3f", label.probability()) + mark + "\t"
                                    + Text.line(batch.get(i), Integer.MAX_VALUE));
        }
        terminal.out.flush();
        batch.clear();
    }

    private static ObjectNode json(String text, Answer.Labelled label, FollowedClassifier.Answered by) {
        ObjectNode json = Json.of(label, true);
        json.put("sure", label.probability() >= by.threshold());
        json.put("text", text);
        return json;
    }

    /** The name of the only classifier that the asker may use. */
    private static String only(Registry registry, Principal asker) {
        List<String> names = registry.list(asker).stream()
                .filter(each -> !each.failed())
                .map(AdapterEntry::name)
                .distinct()
                .toList();
        if (names.isEmpty()) {
            throw new Failure(
                    Failure.Kind.MISSING,
                    "There is no classifier here that you may use.",
                    "Train one: tandem train classifier --train FILE.");
        }
        if (names.size() > 1) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "There are several classifiers: " + String.join(", ", names) + ".",
                    "Say which one with --adapter " + names.getFirst() + ".");
        }
        return names.getFirst();
    }
}
