package dev.tandem.bench;

import dev.tandem.domain.Embedder;
import dev.tandem.domain.Encoder;
import dev.tandem.measure.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Fills an index of a million chunks in an hour instead of days. The chunks are those of real pages and of editions of them,
 * whose lines have a word more ({@link #edition}). A passage is given the encoder's vector of the middle of its longest line;
 * that of an edition is moved a little, by a step that is perpendicular on average and drawn from its text, so that its cosine
 * with the page's is about .99. Says nothing about the quality of answers.
 */
final class EditionEncoder implements Embedder {

    private static final int CHARACTERS = 160;
    private static final double STEP = .15;
    private static final Pattern MARK = Pattern.compile(" edition\\d+\\b");

    private final Embedder encoder;
    /** Vectors of what was embedded so far; read by nobody but the thread that fills. */
    private final Map<String, float[]> known = new HashMap<>();

    EditionEncoder(Embedder encoder) {
        this.encoder = encoder;
    }

    /** A page's text with one word more in each line of some length. */
    static String edition(String page, int number) {
        if (number == 0) {
            return page;
        }
        var text = new StringBuilder(page.length() + page.length() / 8);
        page.lines().forEach(line -> {
            int space = line.length() < 40 ? -1 : line.indexOf(' ', line.length() / 2);
            if (space < 0) {
                text.append(line);
            } else {
                text.append(line, 0, space).append(" edition").append(number).append(line, space, line.length());
            }
            text.append('\n');
        });
        return text.toString();
    }

    @Override
    public Encoder encoder() {
        return encoder.encoder();
    }

    @Override
    public List<float[]> embed(List<String> texts, Role role) {
        if (role == Role.QUERY) {
            return encoder.embed(texts, role);
        }
        List<String> cuts = texts.stream().map(EditionEncoder::cut).toList();
        Set<String> fresh = new HashSet<>(cuts);
        fresh.removeAll(known.keySet());
        List<String> asked = List.copyOf(fresh);
        List<float[]> vectors = encoder.embed(asked, role);
        for (int i = 0; i < asked.size(); i++) {
            known.put(asked.get(i), vectors.get(i));
        }
        var result = new ArrayList<float[]>(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            float[] vector = known.get(cuts.get(i));
            if (vector == null) {
                throw new IllegalStateException("just embedded");
            }
            result.add(MARK.matcher(texts.get(i)).find() ? moved(vector, texts.get(i)) : vector);
        }
        return result;
    }

    private static String cut(String text) {
        String plain = MARK.matcher(text).replaceAll("");
        String longest = plain.lines().reduce("", (one, other) -> other.length() > one.length() ? other : one);
        int from = Math.max(0, (longest.length() - CHARACTERS) / 2);
        String cut = longest.substring(from, Math.min(longest.length(), from + CHARACTERS));
        return cut.isBlank() ? text : cut;
    }

    private static float[] moved(float[] vector, String text) {
        var random = Random.from(Seeds.stream(1, text));
        var moved = new float[vector.length];
        double step = STEP / Math.sqrt(vector.length);
        double squares = 0;
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) (vector[i] + step * random.nextGaussian());
            squares += (double) moved[i] * moved[i];
        }
        double norm = Math.sqrt(squares);
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) (moved[i] / norm);
        }
        return moved;
    }

    /** An estimate: nobody asks this encoder how long a text is, but the summary of an ingest. */
    @Override
    public int countTokens(String text) {
        return text.length() / 4;
    }
}
