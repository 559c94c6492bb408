package dev.tandem.assistant;

import java.util.List;
import java.util.Locale;

/**
 * The ids of all features: blocks side by side, each a table over one or two enumerations. The reader's weights are kept
 * by the names given here, so that a change of an enumeration shows instead of shifting weights silently.
 */
@SuppressWarnings("EnumOrdinal") // tables by place are fast; what is kept goes by name
final class FeatureSpace {

    private static final SentenceFeature[] LINE_FEATURES = SentenceFeature.values();
    private static final int KINDS = Question.Kind.values().length;
    private static final int SHAPES = Shape.values().length;
    private static final int TYPES = SpanType.values().length;
    private static final int LENGTHS = 10;
    static final List<String> VOCABULARY = Words.FUNCTION.stream().sorted().toList();

    /** A table of features; {@code columns} is 1 for a plain list. */
    private record Block(String name, int offset, int rows, int columns) {
        int at(int row, int column) {
            return offset + row * columns + column;
        }

        int end() {
            return offset + rows * columns;
        }

        Block next(String following, int followingRows, int followingColumns) {
            return new Block(following, end(), followingRows, followingColumns);
        }
    }

    private static final Block LINE = new Block("line", 0, SentenceFeature.COUNT, 1);
    private static final Block KIND_LINE = LINE.next("kind-line", KINDS, SentenceFeature.COUNT);
    private static final Block SPAN = KIND_LINE.next("span", SpanFeature.COUNT, 1);
    private static final Block KIND_SPAN = SPAN.next("kind-span", KINDS, SpanFeature.COUNT);
    private static final Block SUBJECT_SPAN = KIND_SPAN.next("subject-span", SpanFeature.COUNT, 1);
    private static final Block SPAN_LINE = SUBJECT_SPAN.next("span-line", SentenceFeature.COUNT, 1);
    private static final Block KIND_TYPE = SPAN_LINE.next("kind-type", KINDS, TYPES);
    private static final Block KIND_LENGTH = KIND_TYPE.next("kind-length", KINDS, LENGTHS);
    private static final Block KIND_BEFORE = KIND_LENGTH.next("kind-before", KINDS, SHAPES);
    private static final Block KIND_FIRST = KIND_BEFORE.next("kind-first", KINDS, SHAPES);
    private static final Block KIND_LAST = KIND_FIRST.next("kind-last", KINDS, SHAPES);
    private static final Block KIND_AFTER = KIND_LAST.next("kind-after", KINDS, SHAPES);
    private static final Block BEFORE_FIRST = KIND_AFTER.next("before-first", SHAPES, SHAPES);
    private static final Block LAST_AFTER = BEFORE_FIRST.next("last-after", SHAPES, SHAPES);
    private static final Block WORD_BEFORE = LAST_AFTER.next("word-before", VOCABULARY.size(), 1);
    private static final Block WORD_AFTER = WORD_BEFORE.next("word-after", VOCABULARY.size(), 1);
    private static final Block WORD_FIRST = WORD_AFTER.next("word-first", VOCABULARY.size(), 1);
    private static final Block KIND_WORD_BEFORE = WORD_FIRST.next("kind-word-before", KINDS, VOCABULARY.size());

    private static final List<Block> BLOCKS = List.of(
            LINE,
            KIND_LINE,
            SPAN,
            KIND_SPAN,
            SUBJECT_SPAN,
            SPAN_LINE,
            KIND_TYPE,
            KIND_LENGTH,
            KIND_BEFORE,
            KIND_FIRST,
            KIND_LAST,
            KIND_AFTER,
            BEFORE_FIRST,
            LAST_AFTER,
            WORD_BEFORE,
            WORD_AFTER,
            WORD_FIRST,
            KIND_WORD_BEFORE);

    static final int SIZE = BLOCKS.getLast().end();

    private FeatureSpace() {}

    /** Everything about a sentence, for the choice among sentences. */
    static void line(Question.Kind kind, Measured<SentenceFeature> values, Features into) {
        for (SentenceFeature feature : LINE_FEATURES) {
            into.add(LINE.at(feature.ordinal(), 0), values.get(feature));
            into.add(KIND_LINE.at(kind.ordinal(), feature.ordinal()), values.get(feature));
        }
    }

    /** One measured value of a span. */
    static void span(Question question, SpanFeature feature, double value, Features into) {
        into.add(SPAN.at(feature.ordinal(), 0), value);
        into.add(KIND_SPAN.at(question.kind().ordinal(), feature.ordinal()), value);
        if (question.subject()) {
            into.add(SUBJECT_SPAN.at(feature.ordinal(), 0), value);
        }
    }

    /** Sets the weight of one measured value of a span, whatever the question. */
    static void set(SpanFeature feature, double weight, float[] weights) {
        weights[SPAN.at(feature.ordinal(), 0)] = (float) weight;
    }

    /** A span's sentence, for the choice among spans. */
    static void spanLine(Measured<SentenceFeature> values, Features into) {
        for (SentenceFeature feature : LINE_FEATURES) {
            into.add(SPAN_LINE.at(feature.ordinal(), 0), values.get(feature));
        }
    }

    /** What a span and its surroundings look like. */
    static void looks(
            Question.Kind kind,
            SpanType type,
            int length,
            Shape before,
            Shape first,
            Shape last,
            Shape after,
            Features into) {
        int row = kind.ordinal();
        into.add(KIND_TYPE.at(row, type.ordinal()), 1);
        into.add(KIND_LENGTH.at(row, Math.min(length, LENGTHS) - 1), 1);
        into.add(KIND_BEFORE.at(row, before.ordinal()), 1);
        into.add(KIND_FIRST.at(row, first.ordinal()), 1);
        into.add(KIND_LAST.at(row, last.ordinal()), 1);
        into.add(KIND_AFTER.at(row, after.ordinal()), 1);
        into.add(BEFORE_FIRST.at(before.ordinal(), first.ordinal()), 1);
        into.add(LAST_AFTER.at(last.ordinal(), after.ordinal()), 1);
    }

    /** Words of grammar around a span, as indices into {@link #VOCABULARY}; negative for any other word. */
    static void words(Question.Kind kind, int before, int first, int after, Features into) {
        if (before >= 0) {
            into.add(WORD_BEFORE.at(before, 0), 1);
            into.add(KIND_WORD_BEFORE.at(kind.ordinal(), before), 1);
        }
        if (first >= 0) {
            into.add(WORD_FIRST.at(first, 0), 1);
        }
        if (after >= 0) {
            into.add(WORD_AFTER.at(after, 0), 1);
        }
    }

    /** A name that stays right when other features come and go. */
    static String name(int id) {
        Block block = BLOCKS.stream().filter(b -> id < b.end()).findFirst().orElseThrow();
        int row = (id - block.offset()) / block.columns();
        int column = (id - block.offset()) % block.columns();
        String where = block.name();
        String[] parts = where.split("-", -1);
        String rowName;
        String columnName = "";
        if (where.startsWith("kind-")) {
            rowName = name(Question.Kind.values()[row]);
            columnName = switch (where) {
                case "kind-line" -> name(SentenceFeature.values()[column]);
                case "kind-span" -> name(SpanFeature.values()[column]);
                case "kind-type" -> name(SpanType.values()[column]);
                case "kind-length" -> Integer.toString(column + 1);
                case "kind-word-before" -> VOCABULARY.get(column);
                default -> name(Shape.values()[column]);
            };
        } else if (where.startsWith("word-")) {
            rowName = VOCABULARY.get(row);
        } else if (parts[parts.length - 1].equals("line")) {
            rowName = name(SentenceFeature.values()[row]);
        } else if (parts[parts.length - 1].equals("span")) {
            rowName = name(SpanFeature.values()[row]);
        } else {
            rowName = name(Shape.values()[row]);
            columnName = name(Shape.values()[column]);
        }
        return columnName.isEmpty() ? where + ":" + rowName : where + ":" + rowName + ":" + columnName;
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
