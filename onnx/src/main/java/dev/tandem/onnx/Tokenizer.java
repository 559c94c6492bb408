package dev.tandem.onnx;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Text to token ids, by the Rust tokenizers that the encoder was trained with. Safe to use from several threads.
 *
 * <p>Only the native methods of the tokenizers' jar are called. Its Java front would look for a GPU, call a telemetry
 * server where it may, and copy every token's text and place out of native memory; none of that is wanted here.
 */
final class Tokenizer {

    /** Token ids and segment ids of one text, [tokens] each, special tokens included. */
    static final class Tokens {
        private final long[] ids;
        private final long[] types;

        private Tokens(long[] ids, long[] types) {
            this.ids = ids;
            this.types = types;
        }

        int count() {
            return ids.length;
        }

        LongBuffer ids() {
            return LongBuffer.wrap(ids);
        }

        LongBuffer types() {
            return LongBuffer.wrap(types);
        }
    }

    private static final int HEAD_CHARACTERS_PER_TOKEN = 16;

    private final TokenizersLibrary library;
    private final long handle;

    private Tokenizer(TokenizersLibrary library, long handle) {
        this.library = library;
        this.handle = handle;
    }

    /** The native library must be loaded: {@link Natives#loadTokenizers}. */
    static Tokenizer open(EncoderFiles files) {
        try {
            return open(files.tokenizer());
        } catch (Unusable e) {
            throw files.unusable(files.tokenizer(), String.valueOf(e.getMessage()), e);
        }
    }

    static Tokenizer open(Path file) throws Unusable {
        TokenizersLibrary library = TokenizersLibrary.LIB;
        try {
            long handle = library.createTokenizerFromString(Files.readString(file));
            library.disableTruncation(handle);
            library.disablePadding(handle);
            return new Tokenizer(library, handle);
        } catch (IOException | RuntimeException e) {
            throw new Unusable(e);
        }
    }

    /** The file is no tokenizer's. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** All tokens of the text, without any cut. Half a surrogate pair counts as text that cannot be read. */
    int count(String text) {
        long encoding = library.encode(handle, text, true);
        try {
            return library.getTokenIds(encoding).length;
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    /** The tokens of each text, at most {@code maxTokens} of them; the special tokens at the end survive the cut. */
    List<Tokens> tokens(List<String> texts, int maxTokens) {
        String[] heads = texts.stream().map(text -> head(text, maxTokens)).toArray(String[]::new);
        long[] encodings = heads.length == 1
                ? new long[] {library.encode(handle, heads[0], true)}
                : library.batchEncode(handle, heads, true);
        try {
            var tokens = new ArrayList<Tokens>(encodings.length);
            for (long encoding : encodings) {
                tokens.add(cut(encoding, maxTokens));
            }
            return tokens;
        } finally {
            Arrays.stream(encodings).forEach(library::deleteEncoding);
        }
    }

    /** The tokens of the question with each of the texts, at most {@code maxTokens}; a text's end is cut before the question's. */
    List<Tokens> pairs(String question, List<String> texts, int maxTokens) {
        String asked = head(question, maxTokens / 2);
        var tokens = new ArrayList<Tokens>(texts.size());
        for (String text : texts) {
            long encoding = library.encodeDual(handle, asked, head(text, maxTokens), true);
            try {
                tokens.add(cut(encoding, maxTokens));
            } finally {
                library.deleteEncoding(encoding);
            }
        }
        return tokens;
    }

    /**
     * A question with a text, and where the tokens of the text stand in it.
     *
     * @param second the first token of the text
     * @param starts of each token of the text, in UTF-16 code units
     */
    record Placed(Tokens tokens, int second, List<Integer> starts, List<Integer> ends) {}

    /** The question with the text, as {@link #pairs} has them. */
    Placed placed(String question, String text, int maxTokens) {
        long encoding = library.encodeDual(handle, head(question, maxTokens / 2), head(text, maxTokens), true);
        try {
            return placed(encoding, text, maxTokens);
        } finally {
            library.deleteEncoding(encoding);
        }
    }

    private Placed placed(long encoding, String text, int maxTokens) {
        Tokens tokens = cut(encoding, maxTokens);
        CharSpan[] spans = library.getTokenCharSpans(encoding);
        int second = 0;
        while (second < tokens.count() && tokens.types[second] == 0) {
            second++;
        }
        int count = Math.max(0, tokens.count() - second - 1);
        var starts = new ArrayList<Integer>(count);
        var ends = new ArrayList<Integer>(count);
        int[] units = units(text);
        for (int i = 0; i < count; i++) {
            starts.add(units[spans[second + i].getStart()]);
            ends.add(units[spans[second + i].getEnd()]);
        }
        return new Placed(tokens, second, starts, ends);
    }

    /** Where each code point begins, and the end: the native library counts in code points. */
    private static int[] units(String text) {
        var units = new int[text.codePointCount(0, text.length()) + 1];
        int at = 0;
        for (int i = 0; i < units.length; i++) {
            units[i] = at;
            at += at < text.length() ? Character.charCount(text.codePointAt(at)) : 0;
        }
        return units;
    }

    /**
     * As much of a very long text as is sure to hold {@code maxTokens} tokens, cut after white space, where no token is
     * cut in two: a megabyte need not be tokenised for its first 512 tokens.
     */
    private String head(String text, int maxTokens) {
        int enough = maxTokens * HEAD_CHARACTERS_PER_TOKEN;
        if (text.length() <= enough) {
            return text;
        }
        int end = enough;
        while (end > 0 && !Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        String head = text.substring(0, end);
        return end > 0 && count(head) > maxTokens ? head : text;
    }

    private Tokens cut(long encoding, int maxTokens) {
        long[] ids = library.getTokenIds(encoding);
        long[] types = library.getTypeIds(encoding);
        if (ids.length <= maxTokens) {
            return new Tokens(ids, types);
        }
        long[] special = library.getSpecialTokenMask(encoding);
        int tail = 0;
        while (tail < maxTokens && special[special.length - 1 - tail] == 1) {
            tail++;
        }
        return new Tokens(cut(ids, tail, maxTokens), cut(types, tail, maxTokens));
    }

    private static long[] cut(long[] values, int tail, int maxTokens) {
        long[] kept = Arrays.copyOf(values, maxTokens);
        System.arraycopy(values, values.length - tail, kept, maxTokens - tail, tail);
        return kept;
    }

    void close() {
        library.deleteTokenizer(handle);
    }
}
