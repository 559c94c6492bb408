package dev.tandem.behavior.tuning;

import dev.tandem.measure.AnswerText;
import dev.tandem.measure.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Questions, passages and answers as a reader learns from them: token ids, and the first and last token of the answer.
 * Answers that stand several times in a passage are taken where most words of the question stand around them; passages that
 * are too long are cut to a window with the answer in it, at a place drawn by a seed.
 */
public final class ReaderData {

    /** How far around an answer the question's words are looked for, in characters. */
    private static final int AROUND = 100;

    private ReaderData() {}

    /**
     * A question about a passage.
     *
     * @param answers any of which is right, word for word as it stands in the passage; none where it has no answer
     */
    public record Case(String question, String passage, List<String> answers) {
        public Case {
            answers = List.copyOf(answers);
        }
    }

    /**
     * In the order of the cases; one whose answers do not stand in the passage, or where it is cut, is left out.
     *
     * @param mostTokens of question and passage together
     * @param seed of where windows begin
     */
    public static Trainer.Spans of(TunableBase base, List<Case> cases, int mostTokens, long seed) {
        var texts = new ArrayList<int[]>();
        var seconds = new ArrayList<Integer>();
        var firsts = new ArrayList<Integer>();
        var lasts = new ArrayList<Integer>();
        List<TunableBase.Joined> all = base.joined(
                cases.stream().map(Case::question).toList(),
                cases.stream().map(Case::passage).toList(),
                Integer.MAX_VALUE);
        for (int i = 0; i < all.size(); i++) {
            TunableBase.Joined joined = all.get(i);
            Case each = cases.get(i);
            int first = -1;
            int last = -1;
            if (!each.answers().isEmpty()) {
                Place place = place(each);
                if (place == null) {
                    continue;
                }
                for (int token = 0; token < joined.starts().size(); token++) {
                    if (joined.ends().get(token) > place.from()
                            && joined.starts().get(token) < place.to()) {
                        first = first < 0 ? token : first;
                        last = token;
                    }
                }
                if (first < 0) {
                    continue;
                }
            }
            int room = Math.max(1, mostTokens - joined.second() - 1);
            int count = joined.starts().size();
            int begin = count <= room ? 0 : begin(first, last, count, room, Seeds.stream(seed, "window/" + i));
            int kept = Math.min(room, count - begin);
            if (last - begin >= kept || kept == 0) {
                continue;
            }
            texts.add(cut(joined.ids(), joined.second(), begin, kept));
            seconds.add(joined.second());
            firsts.add(first < 0 ? 0 : joined.second() + first - begin);
            lasts.add(first < 0 ? 0 : joined.second() + last - begin);
        }
        return new Trainer.Spans(texts, seconds, firsts, lasts);
    }

    /** Where a window begins: anywhere, with the answer in it where there is one. */
    private static int begin(int first, int last, int count, int room, SplittableRandom random) {
        int least = first < 0 ? 0 : Math.max(0, last - room + 1);
        int most = first < 0 ? count - room : Math.min(first, count - room);
        return least >= most ? most : random.nextInt(least, most + 1);
    }

    private static int[] cut(List<Integer> ids, int second, int begin, int kept) {
        return IntStream.concat(
                        IntStream.concat(
                                ids.subList(0, second).stream().mapToInt(i -> i),
                                ids.subList(second + begin, second + begin + kept).stream()
                                        .mapToInt(i -> i)),
                        IntStream.of(ids.getLast()))
                .toArray();
    }

    private record Place(int from, int to) {}

    /** The answer that most say, where most of the question's words are around it; null where none stands there. */
    private static @Nullable Place place(Case each) {
        Map<String, Integer> said = new HashMap<>();
        each.answers().forEach(answer -> said.merge(answer.strip(), 1, Integer::sum));
        List<String> answers = said.keySet().stream()
                .sorted(Comparator.comparingInt((String answer) -> -said.getOrDefault(answer, 0))
                        .thenComparingInt(String::length)
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        Set<String> asked = new HashSet<>(AnswerText.tokens(each.question()));
        for (String answer : answers) {
            Place best = null;
            int most = -1;
            Matcher found = Pattern.compile(Pattern.quote(answer)).matcher(each.passage());
            while (!answer.isEmpty() && found.find()) {
                String around = each.passage()
                        .substring(
                                Math.max(0, found.start() - AROUND),
                                Math.min(each.passage().length(), found.end() + AROUND))
                        .toLowerCase(Locale.ROOT);
                Set<String> there = new HashSet<>(AnswerText.tokens(around));
                there.retainAll(asked);
                if (there.size() > most) {
                    most = there.size();
                    best = new Place(found.start(), found.end());
                }
            }
            if (best != null) {
                return best;
            }
        }
        return null;
    }
}
