package dev.tandem.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Printable;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Token ids to a vector. One run takes one text on the calling thread; runs may go on side by side, and share the
 * weights.
 */
final class Network {

    static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");

    private static final double UNIT_TOLERANCE = 1e-3;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final EncoderSettings settings;
    private final Set<String> inputs;
    private final String output;
    private final int dimensions;

    private Network(OrtEnvironment environment, OrtSession session, EncoderFiles files) throws OrtException {
        this.environment = environment;
        this.session = session;
        this.settings = files.settings();
        this.inputs = knownInputs(session, files);
        NodeInfo vectors = tokenVectors(session, files);
        this.output = vectors.getName();
        this.dimensions = Math.toIntExact(((TensorInfo) vectors.getInfo()).getShape()[2]);
    }

    /** ONNX Runtime must know where its native libraries are: {@link Natives#prepareOnnxRuntime}. */
    static Network open(EncoderFiles files, OptimisedModel optimised) {
        OrtEnvironment environment = environment();
        try {
            OrtSession session = optimised.open(environment, files.model());
            try {
                return new Network(environment, session, files);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw files.unusable(files.model(), String.valueOf(e.getMessage()), e);
        }
    }

    static OrtEnvironment environment() {
        try {
            // Errors come as exceptions; its log would write them to standard error once more.
            return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        } catch (LinkageError | RuntimeException e) {
            throw Natives.doNotLoad("ONNX Runtime", String.valueOf(e.getMessage()), e);
        }
    }

    /** The output that holds a vector for each token, [batch, tokens, hidden]. */
    private static NodeInfo tokenVectors(OrtSession session, EncoderFiles files) throws OrtException {
        return session.getOutputInfo().values().stream()
                .filter(node -> node.getInfo() instanceof TensorInfo info
                        && info.getShape().length == 3
                        && info.getShape()[2] > 0)
                .findFirst()
                .orElseThrow(
                        () -> files.unusable(files.model(), "it has no output of shape [batch, tokens, hidden]", null));
    }

    private static Set<String> knownInputs(OrtSession session, EncoderFiles files) {
        for (String name : session.getInputNames()) {
            if (!INPUTS.contains(name)) {
                throw files.unusable(files.model(), "it wants an input '" + Printable.of(name) + "'", null);
            }
        }
        return session.getInputNames();
    }

    int dimensions() {
        return dimensions;
    }

    /** The text's vector, [dimensions]. */
    float[] run(Tokenizer.Tokens tokens) {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (String name : inputs) {
                tensors.put(
                        name,
                        OnnxTensor.createTensor(environment, values(name, tokens), new long[] {1, tokens.count()}));
            }
            try (OrtSession.Result result = session.run(tensors, Set.of(output))) {
                FloatBuffer hidden = ((OnnxTensor) result.get(0)).getFloatBuffer();
                return unit(pool(hidden, tokens.count()));
            }
        } catch (OrtException e) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    "The encoder " + settings.name() + " failed on a text of " + tokens.count() + " tokens: "
                            + e.getMessage(),
                    "If its model takes fewer tokens, lower maxTokens in its tandem-encoder.json.",
                    e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    /** [1, tokens]; there is no padding, so all of it is attended to. */
    static LongBuffer values(String input, Tokenizer.Tokens tokens) {
        return switch (input) {
            case "input_ids" -> tokens.ids();
            case "token_type_ids" -> tokens.types();
            default -> {
                long[] ones = new long[tokens.count()];
                Arrays.fill(ones, 1);
                yield LongBuffer.wrap(ones);
            }
        };
    }

    /** [tokens, dimensions] to [dimensions]. */
    private float[] pool(FloatBuffer hidden, int tokens) {
        float[] vector = new float[dimensions];
        switch (settings.pooling()) {
            case CLS -> hidden.get(0, vector);
            case MEAN -> {
                for (int t = 0; t < tokens; t++) {
                    for (int d = 0; d < dimensions; d++) {
                        vector[d] += hidden.get(t * dimensions + d);
                    }
                }
                for (int d = 0; d < dimensions; d++) {
                    vector[d] /= tokens;
                }
            }
        }
        return vector;
    }

    /** Scaled to length 1 where the settings say so; an encoder that is trusted to do that itself is checked. */
    private float[] unit(float[] vector) {
        double squares = 0;
        for (float v : vector) {
            squares += (double) v * v;
        }
        if (settings.normalise() && squares > 0) {
            float scale = (float) (1 / Math.sqrt(squares));
            for (int d = 0; d < vector.length; d++) {
                vector[d] *= scale;
            }
        } else if (Math.abs(squares - 1) > UNIT_TOLERANCE) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The encoder " + settings.name() + " gave a vector of length "
                            + String.format(Locale.ROOT, "%.3f", Math.sqrt(squares)) + ", not 1.",
                    "Set normalise to true in its tandem-encoder.json.");
        }
        return vector;
    }

    void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the encoder's session did not close", e);
        }
    }
}
