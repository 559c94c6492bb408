package dev.tandem.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model as ONNX Runtime rewrites it before it runs it, kept in the cache folder: opening that form again takes a third
 * of the time. It is a cache and no more: what cannot be read there is made anew, and what cannot be written there is
 * done without. The rewriting joins operations that are quicker as one, and knows nothing of the processor.
 *
 * @param file where it is kept; its name holds the encoder's hash and ONNX Runtime's version
 */
record OptimisedModel(Path file) {

    /**
     * ONNX Runtime's own joined layer norm goes through a row number by number and takes a fifth of the whole run; its
     * parts, left apart, use the processor's vectors.
     */
    private static final String SLOWER_JOINED = "LayerNormFusionL1;LayerNormFusionL2";

    /** To be raised when the rewriting is asked for differently, so that older kept forms are not found. */
    private static final int REVISION = 2;

    static OptimisedModel of(String encoderHash, Path cacheDir) {
        return new OptimisedModel(cacheDir.resolve("optimised")
                .resolve(encoderHash.substring(0, 16) + "-onnxruntime-" + Natives.ONNX_VERSION + "-" + REVISION
                        + ".onnx"));
    }

    /** A session on the kept form, or else on the model, which is then kept. */
    OrtSession open(OrtEnvironment environment, Path model) throws OrtException {
        if (Files.isRegularFile(file)) {
            try (var options = options(OptLevel.NO_OPT)) {
                return environment.createSession(file.toString(), options);
            } catch (OrtException e) {
                Unpacked.discard(file);
            }
        }
        try {
            Files.createDirectories(file.getParent());
            Path part = Unpacked.part(file);
            try (var options = options(OptLevel.EXTENDED_OPT)) {
                options.setOptimizedModelFilePath(part.toString());
                OrtSession session = environment.createSession(model.toString(), options);
                Unpacked.finish(part, file);
                return session;
            } finally {
                Unpacked.discard(part);
            }
        } catch (IOException | OrtException e) {
            try (var options = options(OptLevel.EXTENDED_OPT)) {
                return environment.createSession(model.toString(), options);
            }
        }
    }

    /** One thread for each run: the threads are the callers'. */
    private static OrtSession.SessionOptions options(OptLevel level) throws OrtException {
        var options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(level);
        options.addConfigEntry("optimization.disable_specified_optimizers", SLOWER_JOINED);
        return options;
    }
}
