package dev.tandem.evidence;

import dev.tandem.domain.Failure;
import dev.tandem.measure.Bootstrap;
import dev.tandem.measure.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Retrieval cases from a folder in BEIR layout (Thakur et al. 2021): {@code corpus.jsonl} with {@code _id, title, text},
 * {@code queries.jsonl} with {@code _id, text}, {@code qrels/test.tsv} with {@code query-id, corpus-id, score}; the JSON
 * files may be gzipped.
 *
 * @param name of the folder
 * @param documents in the corpus
 * @param cases queries with at least one relevant document, in the order of the file; others measure nothing
 */
public record BeirSuite(String name, int documents, List<Case> cases) {

    /**
     * One query and what it should find.
     *
     * @param grades corpus id to grade; above zero is relevant
     */
    public record Case(String id, String text, SortedMap<String, Integer> grades) {
        public Case {
            grades = Collections.unmodifiableSortedMap(new TreeMap<>(grades));
        }
    }

    public BeirSuite {
        cases = List.copyOf(cases);
    }

    /** The suite with the judgements of {@code qrels/test.tsv}. */
    public static BeirSuite read(Path folder) {
        return read(folder, "test");
    }

    /** The suite with the judgements of {@code qrels/<split>.tsv}; a folder without a corpus has 0 documents. */
    public static BeirSuite read(Path folder, String split) {
        Map<String, SortedMap<String, Integer>> grades = grades(JsonLines.require(folder, "qrels/" + split + ".tsv"));
        Path queries = JsonLines.require(folder, "queries.jsonl");
        var cases = new ArrayList<Case>();
        JsonLines.objects(queries, node -> {
            String id = JsonLines.text(queries, node, "_id");
            SortedMap<String, Integer> judged = grades.getOrDefault(id, new TreeMap<>());
            if (judged.values().stream().anyMatch(grade -> grade > 0)) {
                cases.add(new Case(id, JsonLines.text(queries, node, "text"), judged));
            }
        });
        var documents = new AtomicInteger();
        JsonLines.find(folder, "corpus.jsonl")
                .ifPresent(corpus -> JsonLines.lines(corpus, line -> documents.incrementAndGet()));
        return new BeirSuite(folder.toAbsolutePath().normalize().getFileName().toString(), documents.get(), cases);
    }

    /** The corpus as it stands in the folder, to be ingested. */
    public static Path corpus(Path folder) {
        return JsonLines.require(folder, "corpus.jsonl");
    }

    /** Only the queries of this part. */
    public BeirSuite only(Part part) {
        var chosen = cases.stream().filter(each -> part.has(each.id())).toList();
        if (chosen.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The part '" + part + "' of the suite " + name + " holds no query with a relevant document.",
                    "Choose all, dev, report or a file with ids of this suite's queries.");
        }
        return new BeirSuite(name, documents, chosen);
    }

    /** At most so many queries, drawn by a fixed seed and left in their order. */
    public BeirSuite sample(int most) {
        if (cases.size() <= most) {
            return this;
        }
        var order = new ArrayList<>(cases);
        var random = Seeds.stream(Bootstrap.SEED, "sample of " + name);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        var drawn = new HashMap<String, Case>();
        order.subList(0, most).forEach(each -> drawn.put(each.id(), each));
        return new BeirSuite(
                name,
                documents,
                cases.stream().filter(each -> drawn.containsKey(each.id())).toList());
    }

    /** The same queries over another number of documents. */
    public BeirSuite over(int documents) {
        return new BeirSuite(name, documents, cases);
    }

    private static Map<String, SortedMap<String, Integer>> grades(Path file) {
        var grades = new HashMap<String, SortedMap<String, Integer>>();
        JsonLines.lines(file, line -> {
            String[] fields = line.strip().split("\t", -1);
            if (fields.length >= 3 && fields[0].equals("query-id")) {
                return;
            }
            try {
                // trec_eval's own files have a column "0" between query and document.
                String document = fields.length == 4 ? fields[2] : fields[1];
                int grade = Integer.parseInt(fields[fields.length - 1].strip());
                grades.computeIfAbsent(fields[0], id -> new TreeMap<>()).put(document, grade);
            } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The suite's file " + file + " has a line that is not query-id, corpus-id, score.",
                        "Separate the three by tabs; the score is a whole number.",
                        e);
            }
        });
        return grades;
    }
}
