package dev.tandem.behavior.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.QuoteMode;

/** Writes examples so that {@link Importer} reads the same ones, with their families and parts. */
public enum ExportFormat {
    JSONL,
    CSV,
    PROMPT_COMPLETION,
    CHAT;

    private static final ObjectMapper JSON = new ObjectMapper();

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Throws {@link Failure} INVALID where there is none of that name. */
    public static ExportFormat of(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "There is no format '" + Printable.of(word) + "'.",
                        "Choose one of "
                                + Arrays.stream(values())
                                        .map(ExportFormat::word)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    /** By part and line, so that the rows stand as they stood in their files. */
    public void write(Collection<Example> examples, Appendable out) throws IOException {
        List<Example> ordered = examples.stream()
                .sorted(Comparator.comparing(Example::part).thenComparingInt(Example::line))
                .toList();
        if (this == CSV) {
            csv(ordered, out);
            return;
        }
        for (Example example : ordered) {
            out.append(line(example)).append('\n');
        }
    }

    private static void csv(List<Example> examples, Appendable out) throws IOException {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader("text", "label", "family", "part")
                .setQuoteMode(QuoteMode.MINIMAL)
                .get();
        // Not closed here: whoever gave it closes it.
        var printer = new CSVPrinter(out, format);
        for (Example example : examples) {
            printer.printRecord(
                    example.input(),
                    example.output(),
                    example.family(),
                    example.part().word());
        }
        printer.flush();
    }

    private static void flat(Example example, ObjectNode json) {
        switch (example.beside()) {
            case Beside.Nothing _ -> json.put("text", example.input()).put("label", example.output());
            case Beside.Negatives negatives -> {
                json.put("query", example.input()).put("positive", example.output());
                var passages = json.putArray("negatives");
                negatives.passages().forEach(passages::add);
            }
            case Beside.Context context -> {
                json.put("question", example.input()).put("context", context.passage());
                var answers = json.putArray("answers");
                context.answers().forEach(answers::add);
            }
        }
    }

    private String line(Example example) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (this) {
            case JSONL, CSV -> flat(example, json);
            case PROMPT_COMPLETION -> json.put("prompt", example.input()).put("completion", example.output());
            case CHAT -> json.set("messages", Chat.messages(example.input(), example.output()));
        }
        if (!example.family().isEmpty()) {
            json.put("family", example.family());
        }
        json.put("part", example.part().word());
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of strings can be written", e);
        }
    }
}
