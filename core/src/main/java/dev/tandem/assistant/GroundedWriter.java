package dev.tandem.assistant;

import dev.tandem.domain.Answer;
import dev.tandem.domain.Citation;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Generator;
import dev.tandem.domain.Hit;
import dev.tandem.domain.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Answers with a language model. The model's own citation marks are only hints: every statement has to be carried by
 * sentences of a source it points at, and those sentences are what is cited, word for word. Statements that no source
 * carries are set apart as unverified.
 */
final class GroundedWriter {

    private final Generator generator;
    private final int answerTokens;

    GroundedWriter(Generator generator, int answerTokens) {
        this.generator = generator;
        this.answerTokens = answerTokens;
    }

    /** What came of a prompt; {@code whole} where nothing was cut off, and no fallback had to write. */
    record Written(Answer answer, boolean whole) {}

    Written write(
            Principal asker,
            String collection,
            String question,
            List<Passage> sources,
            List<Hit> nearest,
            Citations citations,
            Consumer<String> onDraft) {
        var draft = new Draft(sources, onDraft);
        Generator.Completion completion =
                generator.generate(GroundedPrompt.of(question, sources, answerTokens, collection), draft::add);
        draft.end();
        String text = SafeText.written(completion.text(), sources).strip();
        if (text.isEmpty()) {
            throw new Failure(
                    Failure.Kind.UPSTREAM,
                    "The language model " + generator.name() + " wrote nothing.",
                    "Ask again; if it stays so, choose another model in the setting model.");
        }
        boolean whole = !completion.truncated() && completion.by().equals(generator.name());
        if (GroundedPrompt.saysNoAnswer(text)) {
            return new Written(
                    new Answer.Abstained("The language model found no answer in what you may read.", 0, nearest),
                    whole);
        }
        return new Written(
                grounded(asker, question, text, completion.by(), completion.truncated(), sources, nearest, citations),
                whole);
    }

    private Answer grounded(
            Principal asker,
            String question,
            String text,
            String by,
            boolean truncated,
            List<Passage> sources,
            List<Hit> nearest,
            Citations citations) {
        List<Statements.Statement> statements = Statements.of(text);
        var carriers = new ArrayList<List<Verbatim.Found>>();
        for (int i = 0; i < statements.size(); i++) {
            boolean cut = truncated && i == statements.size() - 1;
            carriers.add(cut ? List.of() : carriers(statements.get(i), question, sources));
        }
        Set<Passage> standing = standing(asker, carriers, citations);

        var cited = new LinkedHashMap<Passage, Integer>();
        var answer = new StringBuilder();
        var unverified = new ArrayList<String>();
        double carried = 0;
        double said = 0;
        for (int i = 0; i < statements.size(); i++) {
            Statements.Statement statement = statements.get(i);
            List<Verbatim.Found> quotes = carriers.get(i).stream()
                    .filter(found -> standing.contains(found.quote()))
                    .toList();
            int words = Words.of(statement.text()).size();
            said += words;
            if (quotes.isEmpty()) {
                boolean cut = truncated && i == statements.size() - 1;
                unverified.add(cut ? statement.text() + " … (the text broke off here)" : statement.text());
                continue;
            }
            answer.append(answer.isEmpty() ? statement.lead().stripLeading() : statement.lead())
                    .append(statement.text())
                    .append(' ');
            double share = 0;
            var numbers = new TreeSet<Integer>();
            for (Verbatim.Found found : quotes) {
                numbers.add(cited.computeIfAbsent(found.quote(), quote -> cited.size() + 1));
                share = Math.max(share, found.share());
            }
            numbers.forEach(number -> answer.append('[').append(number).append(']'));
            carried += words * share;
        }
        if (cited.isEmpty()) {
            return new Answer.Abstained(
                    truncated
                            ? "The language model's text broke off before anything in it could be traced to the documents;"
                                    + " ask again."
                            : "The language model's text could not be traced to the documents word for word, so it is not"
                                    + " shown as an answer.",
                    0,
                    nearest);
        }
        List<Citation> citationList = cited.entrySet().stream()
                .map(entry -> entry.getKey().cited(entry.getValue()))
                .toList();
        return new Answer.Grounded(answer.toString(), null, citationList, carried / said, by, unverified);
    }

    private static List<Verbatim.Found> carriers(
            Statements.Statement statement, String question, List<Passage> sources) {
        return statement.marks().stream()
                .filter(mark -> mark >= 1 && mark <= sources.size())
                .flatMap(mark -> Verbatim.of(statement.text(), question, sources.get(mark - 1)).stream())
                .toList();
    }

    /** Of the quotes, those that stand in the documents as the asker may read them now. */
    private static Set<Passage> standing(Principal asker, List<List<Verbatim.Found>> carriers, Citations citations) {
        List<Passage> quotes = carriers.stream()
                .flatMap(List::stream)
                .map(Verbatim.Found::quote)
                .distinct()
                .toList();
        var numbered = new ArrayList<Citation>();
        for (int i = 0; i < quotes.size(); i++) {
            numbered.add(quotes.get(i).cited(i));
        }
        return citations.standing(asker, numbered).stream()
                .map(citation -> quotes.get(citation.number()))
                .collect(Collectors.toSet());
    }
}
