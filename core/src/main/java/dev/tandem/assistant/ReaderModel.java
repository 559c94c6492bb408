package dev.tandem.assistant;

import dev.tandem.catalog.Sha256;
import dev.tandem.domain.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What the built-in reader has learned: a weight for each feature. A text file, one {@code name TAB weight} a line, so
 * that a change of the model can be read in a diff; features that are not there weigh nothing.
 *
 * <p>The standard model was fitted by the program {@code ReaderTrainer} of the bench on questions of SQuAD (Rajpurkar et
 * al. 2016, 2018; CC BY-SA 4.0), training articles only.
 */
public final class ReaderModel {

    private static final String STANDARD = "reader.tsv";
    private static final String SUPPORT = "support:";

    private final float[] weights;
    private final Measured<SupportFeature> support;

    ReaderModel(float[] weights, Measured<SupportFeature> support) {
        this.weights = weights;
        this.support = support;
    }

    /** The model that comes with Tandem. */
    public static ReaderModel standard() {
        try (InputStream in = ReaderModel.class.getResourceAsStream(STANDARD)) {
            if (in == null) {
                throw new IllegalStateException(STANDARD + " is missing from the class path");
            }
            return read(STANDARD, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what {@link #write} wrote; Failure INVALID names the first line that cannot be read. */
    public static ReaderModel read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.INVALID, "The reader's model " + file + " cannot be read.", "Check the file.", e);
        }
    }

    private static ReaderModel read(String name, InputStream in) throws IOException {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < FeatureSpace.SIZE; id++) {
            ids.put(FeatureSpace.name(id), id);
        }
        var weights = new float[FeatureSpace.SIZE];
        var support = new Measured<>(SupportFeature.class);
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.startsWith("#")) {
                continue;
            }
            int tab = line.indexOf('\t');
            try {
                String feature = line.substring(0, tab);
                double weight = Double.parseDouble(line.substring(tab + 1));
                if (feature.startsWith(SUPPORT)) {
                    String known = feature.substring(SUPPORT.length()).toUpperCase(Locale.ROOT);
                    support.set(SupportFeature.valueOf(known), weight);
                } else {
                    weights[Objects.requireNonNull(ids.get(feature))] = (float) weight;
                }
            } catch (RuntimeException e) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "Line " + number + " of the reader's model " + name + " is no known feature and weight.",
                        "Fit the model again with the version of Tandem that reads it.",
                        e);
            }
        }
        return new ReaderModel(weights, support);
    }

    /** Writes the weights that matter, with comment lines in front. */
    public void write(Path file, List<String> comments) {
        var lines = new ArrayList<String>();
        comments.forEach(comment -> lines.add("# " + comment));
        for (SupportFeature feature : SupportFeature.values()) {
            lines.add(SUPPORT + feature.name().toLowerCase(Locale.ROOT) + "\t" + rounded(support.get(feature)));
        }
        for (int id = 0; id < weights.length; id++) {
            if (Math.abs(weights[id]) >= 0.005) {
                lines.add(FeatureSpace.name(id) + "\t" + rounded(weights[id]));
            }
        }
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String rounded(double weight) {
        return String.format(Locale.ROOT, "%.3f", weight);
    }

    /** Of the weights: another for every other model. */
    String hash() {
        var all = new StringBuilder(Arrays.toString(weights));
        for (SupportFeature feature : SupportFeature.values()) {
            all.append(' ').append(support.get(feature));
        }
        return Sha256.hex(all.toString());
    }

    float[] weights() {
        return weights;
    }

    /** In [0, 1]: the share of such readings that were right, when the model was fitted. */
    double support(Measured<SupportFeature> features) {
        return support(features, support);
    }

    static double support(Measured<SupportFeature> features, Measured<SupportFeature> weights) {
        double sum = 0;
        for (SupportFeature feature : SupportFeature.values()) {
            sum += features.get(feature) * weights.get(feature);
        }
        return 1 / (1 + Math.exp(-sum));
    }
}
