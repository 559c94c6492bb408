package dev.tandem.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.behavior.dataset.Checks;
import dev.tandem.behavior.dataset.EffectiveSize;
import dev.tandem.behavior.dataset.Finding;
import dev.tandem.behavior.dataset.Imported;
import dev.tandem.behavior.dataset.Labels;
import dev.tandem.behavior.dataset.PersonalData;
import dev.tandem.behavior.dataset.Redaction;
import dev.tandem.behavior.dataset.Rejected;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.domain.Example;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** Datasets as people and programs read them. */
final class DatasetView {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MOST_REJECTED = 10;
    private static final int MOST_LABELS = 30;
    private static final int MOST_EXAMPLES = 5;
    private static final int MOST_CASES = 3;
    private static final int MOST_PLACES = 4;
    private static final int MOST_LINES = 4;

    private final Terminal terminal;

    DatasetView(Terminal terminal) {
        this.terminal = terminal;
    }

    void imported(DatasetVersion version, List<Example> examples, Imported imported, boolean known) {
        rejected(imported.rejected());
        terminal.out.println("Read " + Text.count(examples.size(), "example") + " from "
                + Text.line(String.join(", ", imported.files()), terminal.width - 40) + " (" + imported.format()
                + ").");
        terminal.out.println("  " + parts(version) + labels(examples));
        Checks.of(examples).stream().filter(Finding::serious).forEach(this::warn);
        terminal.out.println((known ? "Those examples are there already: " : "Kept as ")
                + terminal.accent(version.reference())
                + terminal.dim("  sha256 " + version.hash()));
    }

    private void warn(Finding finding) {
        List<String> lines = Text.wrap(finding.message(), terminal.width - 2);
        lines.forEach(line -> terminal.out.println("  " + terminal.bad(line)));
    }

    void rejected(List<Rejected> rows) {
        if (rows.isEmpty()) {
            return;
        }
        terminal.err.println(terminal.errBad(Text.count(rows.size(), "row") + " rejected:"));
        rows.stream()
                .limit(MOST_REJECTED)
                .forEach(row -> terminal.err.println("  "
                        + Text.line(
                                "line " + row.line() + " of " + Text.tail(row.file(), 30) + ": " + row.reason(),
                                terminal.width - 2)));
        if (rows.size() > MOST_REJECTED) {
            terminal.err.println("  and " + Text.number(rows.size() - MOST_REJECTED)
                    + " more; --rejected FILE writes all of them to a file");
        }
    }

    private static String parts(DatasetVersion version) {
        var parts = new ArrayList<String>();
        for (Part part : Part.values()) {
            if (version.count(part) > 0) {
                parts.add(part.word() + " " + Text.number(version.count(part)));
            }
        }
        return String.join(" · ", parts);
    }

    private static String labels(List<Example> examples) {
        if (!Labels.are(examples)) {
            return "";
        }
        SortedMap<String, Integer> counts = Labels.counts(examples);
        int least = Collections.min(counts.values());
        int most = Collections.max(counts.values());
        return "; " + Text.count(counts.size(), "label") + " of " + Text.number(least)
                + (most > least ? " to " + Text.number(most) : "") + " examples";
    }

    void list(List<DatasetVersion> all, Principal asker) {
        terminal.out.println(terminal.bold(String.format(
                Locale.ROOT, "%-40s %9s %10s %9s  %s", "dataset", "train", "validation", "test", "imported (UTC)")));
        all.forEach(each -> terminal.out.println(row(named(each, asker), each)));
    }

    private static String row(String name, DatasetVersion each) {
        return String.format(
                Locale.ROOT,
                "%-40s %9s %10s %9s  %s",
                Text.line(name, 40),
                Text.number(each.train()),
                Text.number(each.validation()),
                Text.number(each.test()),
                MINUTE.format(each.at()));
    }

    private static String named(DatasetVersion each, Principal asker) {
        return (each.owner().equals(asker.user()) ? "" : each.owner() + "/") + each.reference();
    }

    void show(DatasetVersion dataset, List<DatasetVersion> versions, List<Example> examples, Principal asker) {
        terminal.out.println(terminal.bold(Text.line(named(dataset, asker), terminal.width)));
        terminal.out.println("  " + parts(dataset) + labels(examples));
        terminal.out.println("  from " + Text.line(String.join(", ", dataset.files()), terminal.width - 30) + " ("
                + dataset.format() + ")"
                + (dataset.rejected() > 0 ? ", " + Text.count(dataset.rejected(), "row") + " rejected" : ""));
        terminal.out.println(terminal.dim("  sha256 " + dataset.hash()));
        if (dataset.owner().equals(asker.user())) {
            Text.wrap("may be read by " + dataset.access().canonical().replace(",", ", "), terminal.width - 2)
                    .forEach(line -> terminal.out.println("  " + line));
        }
        if (versions.size() > 1) {
            terminal.out.println();
            terminal.out.println(terminal.bold(String.format(
                    Locale.ROOT,
                    "%-40s %9s %10s %9s  %s",
                    "versions",
                    "train",
                    "validation",
                    "test",
                    "imported (UTC)")));
            versions.forEach(each -> terminal.out.println(row(each.reference(), each)));
        }
        if (Labels.are(examples)) {
            terminal.out.println();
            labelTable(examples);
        }
        terminal.out.println();
        terminal.out.println(terminal.bold("some examples"));
        examples.stream().limit(MOST_EXAMPLES).forEach(each -> {
            String output = Text.line(each.output(), 34);
            terminal.out.println(
                    "  " + Text.line(each.input(), terminal.width - 6 - output.length()) + "  → " + output);
        });
    }

    private void labelTable(List<Example> examples) {
        terminal.out.println(terminal.bold(
                String.format(Locale.ROOT, "%-60s %9s %10s %9s", "labels", "train", "validation", "test")));
        List<Map.Entry<String, Integer>> ordered = Labels.counts(examples).entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .toList();
        SortedMap<String, Integer> train = counts(examples, Part.TRAIN);
        SortedMap<String, Integer> validation = counts(examples, Part.VALIDATION);
        SortedMap<String, Integer> test = counts(examples, Part.TEST);
        ordered.stream().limit(MOST_LABELS).forEach(each -> {
            String label = each.getKey();
            terminal.out.println(String.format(
                    Locale.ROOT,
                    "%-60s %9s %10s %9s",
                    Text.line(label, 60),
                    Text.number(train.getOrDefault(label, 0)),
                    Text.number(validation.getOrDefault(label, 0)),
                    Text.number(test.getOrDefault(label, 0))));
        });
        if (ordered.size() > MOST_LABELS) {
            terminal.out.println("and " + Text.number(ordered.size() - MOST_LABELS) + " more; --json has all of them");
        }
    }

    private static SortedMap<String, Integer> counts(List<Example> examples, Part part) {
        return Labels.counts(
                examples.stream().filter(each -> each.part() == part).toList());
    }

    void check(
            List<Example> examples, List<Finding> findings, List<Rejected> rejected, EffectiveSize size, boolean all) {
        rejected(rejected);
        terminal.out.println(Text.count(examples.size(), "example") + labels(examples) + ".");
        if (findings.isEmpty()) {
            terminal.out.println(terminal.good("Nothing found."));
        }
        for (Finding finding : findings) {
            String mark = finding.serious() ? "serious" : "note";
            List<String> lines = Text.wrap(finding.message(), terminal.width - 10);
            for (int i = 0; i < lines.size(); i++) {
                String margin = String.format(Locale.ROOT, "%-9s ", i == 0 ? mark : "");
                terminal.out.println((finding.serious() ? terminal.bad(margin) : terminal.dim(margin)) + lines.get(i));
            }
            int most = all ? Integer.MAX_VALUE : MOST_CASES;
            finding.cases().stream().limit(most).forEach(this::show);
            if (finding.cases().size() > most) {
                terminal.out.println(terminal.dim(" ".repeat(12) + "and "
                        + Text.number(finding.cases().size() - most) + " more; --all shows them"));
            }
        }
        show(size);
    }

    private void show(EffectiveSize size) {
        var words = new ArrayList<String>();
        size.setAside().forEach((reason, count) -> words.add(Text.number(count) + " " + reason.words()));
        String counted = Text.number(size.clean()) + " of " + Text.count(size.examples(), "example") + " count"
                + (words.isEmpty() ? "." : "; not counted: " + String.join(", ", words) + ".");
        Text.wrap(counted, terminal.width).forEach(terminal.out::println);
        String least = size.labels().entrySet().stream()
                .filter(each -> each.getValue().clean() > 1)
                .min(Comparator.comparingDouble(each -> each.getValue().diversity()))
                .map(each -> String.format(
                        Locale.ROOT,
                        "; least in the label '%s': %.2f",
                        Text.line(each.getKey(), 40),
                        each.getValue().diversity()))
                .orElse("");
        if (size.clean() > 1) {
            terminal.out.println(String.format(Locale.ROOT, "Diversity %.2f%s.", size.diversity(), least));
        }
    }

    private void show(Finding.Case each) {
        var places = new ArrayList<String>();
        each.places().stream()
                .limit(MOST_PLACES)
                .forEach(place -> places.add(place.part().word() + " " + place.line()));
        if (each.places().size() > MOST_PLACES) {
            places.add("…");
        }
        String where = String.join(", ", places) + ": ";
        terminal.out.println(" ".repeat(12)
                + terminal.dim(where)
                + Text.line(PersonalData.masked(each.text()), Math.max(20, terminal.width - 12 - where.length())));
        if (!each.note().isEmpty()) {
            Text.wrap(Text.safe(PersonalData.masked(each.note())), terminal.width - 14).stream()
                    .limit(MOST_LINES)
                    .forEach(line -> terminal.out.println(" ".repeat(14) + terminal.dim(line)));
        }
    }

    void redacted(Redaction redaction, DatasetVersion after, boolean drop) {
        if (redaction.changed() == 0) {
            terminal.out.println("Nothing to take out of " + terminal.accent(after.reference()) + ".");
        } else {
            var values = new ArrayList<String>();
            redaction.values().forEach((type, count) -> values.add(Text.number(count) + " " + type.words(count)));
            String what = (drop ? "Left out " : "Changed ") + Text.count(redaction.changed(), "example") + ": "
                    + String.join(", ", values) + ".";
            Text.wrap(what, terminal.width).forEach(terminal.out::println);
            terminal.out.println(
                    "Kept as " + terminal.accent(after.reference()) + terminal.dim("  sha256 " + after.hash()));
        }
        if (redaction.labels() > 0) {
            terminal.out.println(terminal.bad(Text.count(redaction.labels(), "label")
                    + " with personal data stayed: rename them in the file and import it again."));
        }
    }

    static ObjectNode json(Redaction redaction, DatasetVersion after, boolean drop) {
        ObjectNode json = Json.object();
        json.put("dataset", after.reference());
        json.put("hash", after.hash());
        json.put("examples", redaction.examples().size());
        json.put(drop ? "dropped" : "changed", redaction.changed());
        ObjectNode values = json.putObject("values");
        redaction.values().forEach((type, count) -> values.put(type.word(), count));
        json.put("labels", redaction.labels());
        return json;
    }

    void access(DatasetVersion dataset) {
        terminal.out.println(
                dataset.name() + "  " + terminal.accent(dataset.access().canonical()));
    }

    static ObjectNode json(DatasetVersion dataset, Principal asker) {
        ObjectNode json = Json.object();
        json.put("owner", dataset.owner());
        json.put("name", dataset.name());
        json.put("version", dataset.version());
        json.put("hash", dataset.hash());
        json.put("imported", dataset.at().toString());
        json.put("format", dataset.format());
        var files = json.putArray("files");
        dataset.files().forEach(files::add);
        json.put("rejected", dataset.rejected());
        for (Part part : Part.values()) {
            json.put(part.word(), dataset.count(part));
        }
        if (dataset.owner().equals(asker.user())) {
            json.put("access", dataset.access().canonical());
        }
        return json;
    }

    static ObjectNode json(
            DatasetVersion dataset, List<DatasetVersion> versions, List<Example> examples, Principal asker) {
        ObjectNode json = json(dataset, asker);
        var all = json.putArray("versions");
        versions.forEach(each -> all.addObject()
                .put("version", each.version())
                .put("hash", each.hash())
                .put("examples", each.total()));
        if (Labels.are(examples)) {
            ObjectNode labels = json.putObject("labels");
            Labels.counts(examples).forEach(labels::put);
        }
        var some = json.putArray("examples");
        examples.stream()
                .limit(MOST_EXAMPLES)
                .forEach(each -> some.addObject()
                        .put("text", each.input())
                        .put("label", each.output())
                        .put("part", each.part().word()));
        return json;
    }

    static ObjectNode imported(DatasetVersion version, Imported imported, boolean known) {
        ObjectNode json = Json.object();
        json.put("name", version.name());
        json.put("version", version.version());
        json.put("hash", version.hash());
        json.put("new", !known);
        json.put("format", imported.format());
        for (Part part : Part.values()) {
            json.put(part.word(), version.count(part));
        }
        json.put("access", version.access().canonical());
        var rows = json.putArray("rejected");
        imported.rejected().forEach(row -> rows.add(json(row)));
        return json;
    }

    static ObjectNode json(Rejected row) {
        ObjectNode json = Json.object();
        json.put("file", row.file());
        json.put("line", row.line());
        json.put("reason", row.reason());
        return json;
    }

    static ObjectNode json(
            List<Example> examples, List<Finding> findings, List<Rejected> rejected, EffectiveSize size) {
        ObjectNode json = Json.object();
        json.put("examples", examples.size());
        json.put("clean", size.clean());
        ObjectNode aside = json.putObject("set_aside");
        size.setAside()
                .forEach((reason, count) ->
                        aside.put(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'), count));
        json.put("diversity", Json.rounded(size.diversity()));
        ObjectNode byLabel = json.putObject("labels");
        size.labels()
                .forEach((label, group) -> byLabel.putObject(PersonalData.masked(label))
                        .put("clean", group.clean())
                        .put("diversity", Json.rounded(group.diversity())));
        var rows = json.putArray("rejected");
        rejected.forEach(row -> rows.add(json(row)));
        var all = json.putArray("findings");
        for (Finding finding : findings) {
            ObjectNode one = all.addObject();
            one.put("kind", finding.kind().word());
            one.put("serious", finding.serious());
            one.put("message", finding.message());
            var cases = one.putArray("cases");
            for (Finding.Case each : finding.cases()) {
                ObjectNode here = cases.addObject().put("text", PersonalData.masked(each.text()));
                if (!each.note().isEmpty()) {
                    here.put("note", PersonalData.masked(each.note()));
                }
                var places = here.putArray("places");
                each.places()
                        .forEach(place -> places.addObject()
                                .put("part", place.part().word())
                                .put("line", place.line())
                                .put("label", PersonalData.masked(place.output())));
            }
        }
        return json;
    }
}
