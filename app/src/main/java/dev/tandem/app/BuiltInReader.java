package dev.tandem.app;

import dev.tandem.behavior.model.EncoderShape;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.model.LoraFiles;
import dev.tandem.behavior.passages.ReaderTraining;
import dev.tandem.behavior.passages.TopFiles;
import dev.tandem.behavior.tuning.Linear;
import dev.tandem.domain.OpenSpanReader;
import dev.tandem.onnx.OnnxReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The reader that Tandem trained itself, on SQuAD's articles; its card stands beside its files. It runs on the bundled encoder
 * as it is bundled, so that it is there wherever Tandem is.
 */
final class BuiltInReader {

    private static final String FOLDER = "/dev/tandem/app/reader/";

    private BuiltInReader() {}

    static OpenSpanReader open(Path cacheDir) {
        SortedMap<String, byte[]> files = files();
        EncoderShape shape = EncoderShape.BGE_SMALL;
        Lora lora = LoraFiles.read(files, shape);
        Linear head = TopFiles.read(files, ReaderTraining.OUTPUTS, shape.hidden());
        return OnnxReader.beside(lora, head, TopFiles.hash(files), cacheDir);
    }

    static SortedMap<String, byte[]> files() {
        var files = new TreeMap<String, byte[]>();
        for (String name : List.of(LoraFiles.CONFIG, LoraFiles.WEIGHTS, TopFiles.NAME)) {
            try (InputStream in = BuiltInReader.class.getResourceAsStream(FOLDER + name)) {
                if (in == null) {
                    throw new IllegalStateException("the jar has no " + FOLDER + name);
                }
                files.put(name, in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }
}
