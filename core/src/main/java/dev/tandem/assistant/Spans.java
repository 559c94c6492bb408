package dev.tandem.assistant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The stretches of a sentence that may be the key, and what is measured of each. */
final class Spans {

    /**
     * Words {@code [from, to)} of a line.
     *
     * @param line its place among the lines looked at
     */
    record Candidate(int line, int from, int to) {}

    private static final int LONGEST = 9;
    private static final int LONGEST_CLAUSE = 20;

    private static final Map<String, Integer> VOCABULARY = vocabulary();

    private final Scene scene;
    private final Question question;
    private final List<Scene.Line> lines;
    private final double[] scores;
    private final double best;
    private final double[][] matched;
    private final List<Set<String>> texts;
    private final Set<String> prepositions;

    /**
     * @param lines the best sentences, best first
     * @param scores theirs
     */
    Spans(Scene scene, List<Scene.Line> lines, double[] scores) {
        this.scene = scene;
        this.question = scene.question();
        this.lines = lines;
        this.scores = scores;
        this.best = scores.length == 0 ? 0 : scores[0];
        this.matched = new double[lines.size()][];
        this.texts = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            List<Words.Word> words = lines.get(i).words();
            matched[i] = new double[words.size()];
            for (int w = 0; w < words.size(); w++) {
                matched[i][w] =
                        words.get(w).content() ? scene.weight(words.get(w).stem()) : 0;
            }
            texts.add(lines.get(i).part().stems());
        }
        this.prepositions = question.words().stream()
                .filter(word -> word.shape() == Shape.PREPOSITION)
                .map(Words.Word::lower)
                .collect(Collectors.toSet());
    }

    List<Candidate> candidates() {
        var candidates = new ArrayList<Candidate>();
        for (int line = 0; line < lines.size(); line++) {
            List<Words.Word> words = lines.get(line).words();
            for (int from = 0; from < words.size(); from++) {
                if (!mayBegin(words.get(from).shape())) {
                    continue;
                }
                boolean clause = from == 0 || opensClause(words.get(from - 1).shape());
                int most = Math.min(words.size(), from + (clause ? LONGEST_CLAUSE : LONGEST));
                for (int to = from + 1; to <= most; to++) {
                    Words.Word last = words.get(to - 1);
                    if (last.shape() == Shape.BAR || (last.shape() == Shape.STOP && !abbreviates(words, to - 1))) {
                        break;
                    }
                    boolean clauseEnds =
                            to == words.size() || closesClause(words.get(to).shape());
                    if (mayEnd(last.shape()) && (to - from <= LONGEST || clauseEnds)) {
                        candidates.add(new Candidate(line, from, to));
                    }
                }
            }
        }
        return candidates;
    }

    /** A full stop with no space behind it, as in "U.S. Army" or "example.org". */
    private static boolean abbreviates(List<Words.Word> words, int at) {
        return at + 1 < words.size()
                && at > 0
                && words.get(at - 1).to() - words.get(at - 1).from() <= 2;
    }

    private static boolean mayBegin(Shape shape) {
        return switch (shape) {
            case CONJUNCTION, COMMA, STOP, CLOSE, DASH, PERCENT, BAR, OPEN, QUOTE -> false;
            default -> true;
        };
    }

    private static boolean mayEnd(Shape shape) {
        return switch (shape) {
            case CONJUNCTION,
                    COMMA,
                    STOP,
                    OPEN,
                    DASH,
                    CURRENCY,
                    BAR,
                    DETERMINER,
                    PREPOSITION,
                    AUXILIARY,
                    QUESTION_WORD,
                    QUOTE -> false;
            default -> true;
        };
    }

    private static boolean opensClause(Shape before) {
        return before.punctuation()
                || before == Shape.PREPOSITION
                || before == Shape.CONJUNCTION
                || before == Shape.AUXILIARY
                || before == Shape.VERB;
    }

    private static boolean closesClause(Shape after) {
        return after.punctuation() || after == Shape.CONJUNCTION;
    }

    String text(Candidate candidate) {
        Scene.Line line = lines.get(candidate.line());
        int from = line.words().get(candidate.from()).from();
        return line.quote().text().substring(from, end(line, candidate.to() - 1));
    }

    /** Where a word ends in its text, with the "s" of a possessive left out. */
    private static int end(Scene.Line line, int word) {
        return line.words().get(word).to();
    }

    Scene.Line line(Candidate candidate) {
        return lines.get(candidate.line());
    }

    /** Everything measured of a candidate. */
    void features(Candidate candidate, Features into) {
        into.clear();
        Scene.Line line = lines.get(candidate.line());
        List<Words.Word> words = line.words();
        int from = candidate.from();
        int to = candidate.to();
        Shape before = shape(words, from - 1);
        Shape first = shape(words, from);
        Shape last = shape(words, to - 1);
        Shape after = shape(words, to);
        SpanType type = SpanType.of(words, from, to);
        FeatureSpace.looks(question.kind(), type, to - from, before, first, last, after, into);
        FeatureSpace.words(
                question.kind(), vocabulary(words, from - 1), vocabulary(words, from), vocabulary(words, to), into);
        FeatureSpace.spanLine(line.features(), into);
        add(SpanFeature.SENTENCE_GAP, scores[candidate.line()] - best, into);
        add(SpanFeature.SENTENCE_BEST, candidate.line() == 0 ? 1 : 0, into);
        add(SpanFeature.LENGTH, Math.log(to - from), into);
        add(SpanFeature.FITS, type.fits(question.kind()) ? 1 : 0, into);
        add(SpanFeature.WHOLE, belongs(before, first) || belongs(last, after) ? 0 : 1, into);
        add(SpanFeature.CUT, alike(before, first) || alike(last, after) ? 1 : 0, into);
        inside(candidate, words, into);
        around(candidate, into);
        patterns(candidate, words, into);
        add(SpanFeature.AT_START, from == 0 ? 1 : 0, into);
        add(SpanFeature.AT_END, to == words.size() || (to == words.size() - 1 && after == Shape.STOP) ? 1 : 0, into);
        boolean cell = !line.part().header().isEmpty() && cell(before) && cell(after);
        add(SpanFeature.CELL, cell ? 1 : 0, into);
        add(SpanFeature.COLUMN, column(line.part(), from), into);
        boolean bracketed = before == Shape.OPEN && after == Shape.CLOSE;
        boolean enclosed = bracketed || (before == Shape.QUOTE && after == Shape.QUOTE);
        add(SpanFeature.ENCLOSED, enclosed ? 1 : 0, into);
    }

    private void inside(Candidate candidate, List<Words.Word> words, Features into) {
        int content = 0;
        int asked = 0;
        int commas = 0;
        int verbs = 0;
        int conjunctions = 0;
        int stops = 0;
        int brackets = 0;
        int quotes = 0;
        boolean focus = false;
        for (int i = candidate.from(); i < candidate.to(); i++) {
            Words.Word word = words.get(i);
            content += word.content() ? 1 : 0;
            asked += matched[candidate.line()][i] > 0 ? 1 : 0;
            focus |= word.stem().equals(question.focus());
            switch (word.shape()) {
                case COMMA -> commas++;
                case VERB, AUXILIARY -> verbs++;
                case CONJUNCTION -> conjunctions++;
                case STOP -> stops++;
                case OPEN -> brackets++;
                case CLOSE -> brackets--;
                case QUOTE -> quotes++;
                default -> {}
            }
        }
        boolean last = words.get(candidate.to() - 1).stem().equals(question.focus());
        add(SpanFeature.ASKED, content == 0 ? 0 : (double) asked / content, into);
        add(SpanFeature.ASKED_ANY, asked > 0 ? 1 : 0, into);
        add(SpanFeature.EMPTY, content == 0 ? 1 : 0, into);
        add(SpanFeature.COMMAS, Math.min(commas, 3), into);
        add(SpanFeature.VERBS, Math.min(verbs, 3), into);
        add(SpanFeature.CONJUNCTIONS, Math.min(conjunctions, 3), into);
        add(SpanFeature.STOPS, stops > 0 ? 1 : 0, into);
        add(SpanFeature.UNBALANCED, brackets != 0 || quotes % 2 != 0 ? 1 : 0, into);
        add(SpanFeature.FOCUS_LAST, last ? 1 : 0, into);
        add(SpanFeature.FOCUS_INSIDE, focus && !last ? 1 : 0, into);
        add(SpanFeature.REPEATED, repeated(candidate, words) ? 1 : 0, into);
    }

    private boolean repeated(Candidate candidate, List<Words.Word> words) {
        for (int other = 0; other < texts.size(); other++) {
            if (other == candidate.line()) {
                continue;
            }
            boolean all = true;
            boolean any = false;
            for (int i = candidate.from(); i < candidate.to() && all; i++) {
                if (words.get(i).content()) {
                    any = true;
                    all = texts.get(other).contains(words.get(i).stem());
                }
            }
            if (all && any) {
                return true;
            }
        }
        return false;
    }

    private void around(Candidate candidate, Features into) {
        double[] match = matched[candidate.line()];
        int left = Integer.MAX_VALUE;
        int right = Integer.MAX_VALUE;
        double near3 = 0;
        double near8 = 0;
        double allLeft = 0;
        double allRight = 0;
        double closeLeft = 0;
        double closeRight = 0;
        for (int i = 0; i < match.length; i++) {
            if (match[i] == 0 || (i >= candidate.from() && i < candidate.to())) {
                continue;
            }
            int distance = i < candidate.from() ? candidate.from() - i : i - candidate.to() + 1;
            if (i < candidate.from()) {
                left = distance;
                allLeft += match[i];
                closeLeft += match[i] / distance;
            } else {
                right = Math.min(right, distance);
                allRight += match[i];
                closeRight += match[i] / distance;
            }
            near3 += distance <= 3 ? match[i] : 0;
            near8 += distance <= 8 ? match[i] : 0;
        }
        add(SpanFeature.NEAR_LEFT, left == Integer.MAX_VALUE ? 0 : 1.0 / left, into);
        add(SpanFeature.NEAR_RIGHT, right == Integer.MAX_VALUE ? 0 : 1.0 / right, into);
        add(SpanFeature.AROUND_3, Math.min(1, near3), into);
        add(SpanFeature.AROUND_8, Math.min(1, near8), into);
        add(SpanFeature.PROXIMITY_LEFT, Math.min(1, closeLeft), into);
        add(SpanFeature.PROXIMITY_RIGHT, Math.min(1, closeRight), into);
        add(SpanFeature.CLAUSE, clause(candidate), into);
        add(SpanFeature.FOCUS_NEAR, focusNear(candidate), into);
        add(SpanFeature.LEFT, Math.min(1, allLeft), into);
        add(SpanFeature.RIGHT, Math.min(1, allRight), into);
    }

    private static boolean cell(Shape neighbour) {
        return neighbour == Shape.BAR || neighbour == Shape.EDGE;
    }

    private double column(Stage.Part part, int word) {
        return part.header().isEmpty() ? 0 : scene.share(part.column(word));
    }

    private double clause(Candidate candidate) {
        List<Words.Word> words = lines.get(candidate.line()).words();
        double[] match = matched[candidate.line()];
        double share = 0;
        for (int i = candidate.from() - 1; i >= 0 && !words.get(i).shape().punctuation(); i--) {
            share += match[i];
        }
        for (int i = candidate.to(); i < match.length && !words.get(i).shape().punctuation(); i++) {
            share += match[i];
        }
        return Math.min(1, share);
    }

    private double focusNear(Candidate candidate) {
        List<Words.Word> words = lines.get(candidate.line()).words();
        double nearest = 0;
        for (int i = 0; i < words.size(); i++) {
            if ((i < candidate.from() || i >= candidate.to()) && is(words, i, question.focus())) {
                int distance = i < candidate.from() ? candidate.from() - i : i - candidate.to() + 1;
                nearest = Math.max(nearest, 1.0 / distance);
            }
        }
        return nearest;
    }

    private void patterns(Candidate candidate, List<Words.Word> words, Features into) {
        double[] match = matched[candidate.line()];
        int left = candidate.from() - 1;
        int right = candidate.to();
        Shape before = shape(words, left);
        Shape after = shape(words, right);
        add(
                SpanFeature.PREPOSITION,
                before == Shape.PREPOSITION
                                && prepositions.contains(words.get(left).lower())
                        ? 1
                        : 0,
                into);
        add(SpanFeature.FOCUS_BEFORE, is(words, left, question.focus()) ? 1 : 0, into);
        add(SpanFeature.FOCUS_NEXT, is(words, right, question.focus()) ? 1 : 0, into);
        if (before == Shape.AUXILIARY || before == Shape.STOP || before == Shape.BAR) {
            add(SpanFeature.AFTER_BEING, matches(match, left - 1) ? 1 : 0, into);
        }
        if (after == Shape.AUXILIARY || after == Shape.BAR) {
            int next = skip(words, right + 1, 1);
            add(SpanFeature.BEFORE_BEING, matches(match, next) ? 1 : 0, into);
        }
        if (before == Shape.COMMA || before == Shape.OPEN) {
            add(SpanFeature.APPOSED_LEFT, matches(match, left - 1) ? 1 : 0, into);
        }
        if (after == Shape.COMMA || after == Shape.OPEN) {
            add(SpanFeature.APPOSED_RIGHT, matches(match, skip(words, right + 1, 1)) ? 1 : 0, into);
        }
        add(SpanFeature.BEFORE_ACTION, is(words, skip(words, right, 1), question.action()) ? 1 : 0, into);
        add(SpanFeature.AFTER_ACTION, is(words, skip(words, left, -1), question.action()) ? 1 : 0, into);
    }

    /** The next place in that direction that is no word of grammar; at most three are passed over. */
    private static int skip(List<Words.Word> words, int from, int step) {
        int at = from;
        for (int i = 0; i < 3 && at >= 0 && at < words.size(); i++, at += step) {
            Shape shape = words.get(at).shape();
            if (!shape.grammar() || shape.punctuation()) {
                return at;
            }
        }
        return at;
    }

    private static boolean matches(double[] match, int at) {
        return at >= 0 && at < match.length && match[at] > 0;
    }

    private static boolean is(List<Words.Word> words, int at, String stem) {
        return !stem.isEmpty()
                && at >= 0
                && at < words.size()
                && words.get(at).stem().equals(stem);
    }

    private static Shape shape(List<Words.Word> words, int at) {
        return at < 0 || at >= words.size() ? Shape.EDGE : words.get(at).shape();
    }

    /** Whether the left one usually goes with the right one. */
    private static boolean belongs(Shape left, Shape right) {
        return alike(left, right)
                || (left == Shape.ADJECTIVE && (right == Shape.NOUN || right == Shape.OTHER_WORD))
                || (left.numeric() && (right == Shape.UNIT || right == Shape.PERCENT || right == Shape.NOUN))
                || (left == Shape.NOUN && right == Shape.NOUN);
    }

    private static boolean alike(Shape left, Shape right) {
        return (left.named() && right.named())
                || (left.numeric() && right.numeric())
                || (left == Shape.MONTH && right.numeric())
                || (left.numeric() && right == Shape.MONTH)
                || (left == Shape.CURRENCY && right.numeric());
    }

    private void add(SpanFeature feature, double value, Features into) {
        FeatureSpace.span(question, feature, value, into);
    }

    private static int vocabulary(List<Words.Word> words, int at) {
        return at < 0 || at >= words.size()
                ? -1
                : VOCABULARY.getOrDefault(words.get(at).lower(), -1);
    }

    private static Map<String, Integer> vocabulary() {
        var index = new HashMap<String, Integer>();
        for (int i = 0; i < FeatureSpace.VOCABULARY.size(); i++) {
            index.put(FeatureSpace.VOCABULARY.get(i), i);
        }
        return index;
    }
}
