package dev.tandem.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.behavior.dataset.PersonalData;
import dev.tandem.behavior.dataset.PersonalData.Found;
import dev.tandem.behavior.dataset.PersonalDataType;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Interval;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * What {@code dataset check} finds of personal data, on the synthetic texts of {@code pii-presidio}. Rules were chosen on the
 * texts of one half of the templates, the figures are of the other half: a template is of the half that the last bit of the
 * first byte of SHA-256 of {@code "5 <template>"} says, five being the first number with which each type stands at least five
 * times in both. Then how many rows of public data sets training would refuse.
 *
 * <p>A finding and a span match where at least half of the shorter one lies in the other and they are of one type.
 */
final class PiiFindings {

    private static final Path DATA = Path.of(System.getProperty("tandem.data", "../shared/data"));
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Dates are looked for where they are of birth, and the data does not tell those from others: no recall. */
    private static final Map<PersonalDataType, String> SPANS = spans();

    private static final List<String> PUBLIC = List.of(
            "banking77/train.jsonl.gz",
            "e2e-nlg/dev.jsonl.gz",
            "gsm8k/train.jsonl.gz",
            "mts-dialog/train.jsonl.gz",
            "squad-v1.1-dev/queries.jsonl.gz",
            "squad-v1.1-dev/corpus.jsonl.gz",
            "scifact/corpus.jsonl.gz",
            "multihop-hotpot-musique/corpus.jsonl.gz");

    private PiiFindings() {}

    /** One figure a finding, or a span: 1 where it has its match. */
    private record Tally(List<Double> findings, List<Double> spans) {}

    private interface Reading {
        void row(JsonNode row);
    }

    public static void main(String[] args) throws IOException {
        List<Map<PersonalDataType, Tally>> halves =
                List.of(new EnumMap<>(PersonalDataType.class), new EnumMap<>(PersonalDataType.class));
        each("pii-presidio/synth_dataset_v2.jsonl.gz", row -> count(row, halves));
        System.out.println(
                "| type | precision, rules' half | recall | findings | spans | precision, other half | recall |"
                        + " findings | spans |");
        System.out.println("|---|---|---|--:|--:|---|---|--:|--:|");
        SPANS.keySet()
                .forEach(type -> System.out.println("| " + type.words(1) + columns(type, of(halves.getFirst(), type))
                        + columns(type, of(halves.getLast(), type)) + " |"));
        System.out.println();
        System.out.println("| data set | rows | rows that training refuses | seconds | rows with each type |");
        System.out.println("|---|--:|--:|--:|---|");
        for (String name : PUBLIC) {
            refused(name);
        }
    }

    private static void count(JsonNode row, List<Map<PersonalDataType, Tally>> halves) {
        String text = row.path("full_text").asText();
        Map<PersonalDataType, Tally> tallies =
                halves.get(half(row.path("template_id").asText()));
        List<Found> found = PersonalData.in(text);
        for (Map.Entry<PersonalDataType, String> each : SPANS.entrySet()) {
            var gold = new ArrayList<Found>();
            for (JsonNode span : row.path("spans")) {
                if (span.path("entity_type").asText().equals(each.getValue())) {
                    gold.add(new Found(
                            each.getKey(),
                            text.offsetByCodePoints(
                                    0, span.path("start_position").asInt()),
                            text.offsetByCodePoints(0, span.path("end_position").asInt())));
                }
            }
            List<Found> said =
                    found.stream().filter(one -> one.type() == each.getKey()).toList();
            Tally tally = of(tallies, each.getKey());
            said.forEach(one -> tally.findings().add(matched(one, gold)));
            gold.forEach(one -> tally.spans().add(matched(one, said)));
        }
    }

    private static Tally of(Map<PersonalDataType, Tally> half, PersonalDataType type) {
        return half.computeIfAbsent(type, _ -> new Tally(new ArrayList<>(), new ArrayList<>()));
    }

    private static double matched(Found one, List<Found> others) {
        return others.stream().anyMatch(other -> {
                    int shared = Math.min(one.to(), other.to()) - Math.max(one.from(), other.from());
                    return shared > 0 && 2 * shared >= Math.min(one.to() - one.from(), other.to() - other.from());
                })
                ? 1
                : 0;
    }

    private static int half(String template) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(("5 " + template).getBytes(StandardCharsets.UTF_8))[0]
                    & 1;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String columns(PersonalDataType type, Tally tally) {
        return " | " + figure(tally.findings()) + " | " + (type == PersonalDataType.BIRTH ? "" : figure(tally.spans()))
                + " | " + tally.findings().size() + " | " + tally.spans().size();
    }

    private static String figure(List<Double> cases) {
        if (cases.isEmpty()) {
            return "none";
        }
        Interval mean = Bootstrap.mean(cases.stream().mapToDouble(each -> each).toArray());
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", mean.value(), mean.low(), mean.high());
    }

    private static void refused(String name) throws IOException {
        var rows = new EnumMap<PersonalDataType, Integer>(PersonalDataType.class);
        int[] counts = new int[2];
        long began = System.nanoTime();
        each(name, row -> {
            var texts = new ArrayList<String>();
            row.forEach(value -> texts.add(value.asText()));
            List<PersonalDataType> types = PersonalData.in(String.join("\n", texts)).stream()
                    .map(Found::type)
                    .distinct()
                    .toList();
            types.forEach(type -> rows.merge(type, 1, Integer::sum));
            counts[0]++;
            counts[1] += types.stream().anyMatch(PersonalDataType::blocks) ? 1 : 0;
        });
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %d | %.1f | %s |%n",
                name,
                counts[0],
                counts[1],
                (System.nanoTime() - began) / 1e9,
                rows);
    }

    private static void each(String name, Reading reading) throws IOException {
        try (var in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(DATA.resolve(name))), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                reading.row(JSON.readTree(line));
            }
        }
    }

    private static Map<PersonalDataType, String> spans() {
        var spans = new LinkedHashMap<PersonalDataType, String>();
        spans.put(PersonalDataType.EMAIL, "EMAIL_ADDRESS");
        spans.put(PersonalDataType.IBAN, "IBAN_CODE");
        spans.put(PersonalDataType.CARD, "CREDIT_CARD");
        spans.put(PersonalDataType.IP, "IP_ADDRESS");
        spans.put(PersonalDataType.SSN, "US_SSN");
        spans.put(PersonalDataType.PHONE, "PHONE_NUMBER");
        spans.put(PersonalDataType.BIRTH, "DATE_TIME");
        spans.put(PersonalDataType.ADDRESS, "STREET_ADDRESS");
        spans.put(PersonalDataType.PERSON, "PERSON");
        spans.put(PersonalDataType.URL, "DOMAIN_NAME");
        return spans;
    }
}
