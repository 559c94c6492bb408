package dev.tandem.app.cli;

import dev.tandem.app.Wiring;
import dev.tandem.behavior.model.LoraFiles;
import dev.tandem.behavior.registry.Registry;
import dev.tandem.behavior.tuning.TunableBase;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.Storage;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An adapter's files in a folder of the user's, as they are kept or merged into a model. */
final class AdapterExport {

    private AdapterExport() {}

    /**
     * Writes them.
     *
     * @param format {@code peft}, {@code onnx}, or null for the files as they are kept
     * @param to a folder, new or empty
     * @return names of the files, without those of a merged model
     */
    static Set<String> write(Wiring wiring, Principal asker, AdapterEntry adapter, @Nullable String format, Path to) {
        var files = new TreeMap<>(wiring.registry(asker).read(asker, adapter));
        boolean lowRank = files.containsKey(LoraFiles.CONFIG);
        if (format != null && !lowRank) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The adapter " + adapter.reference() + " has no low-rank weights: it is a " + adapter.kind() + ".",
                    "Leave --format out; its files say all that there is.");
        }
        boolean merged = "onnx".equals(format);
        SortedMap<String, byte[]> kept = new TreeMap<>(files);
        if (merged) {
            files.keySet().removeAll(Set.of(LoraFiles.CONFIG, LoraFiles.WEIGHTS));
        }
        files.put("README.md", (adapter.card() + "\nHash `" + adapter.hash() + "`\n").getBytes(StandardCharsets.UTF_8));
        write(to, files);
        if (merged && adapter.kind().equals(Registry.TUNED)) {
            TunableBase base = wiring.tunable();
            base.export(LoraFiles.read(kept, base.model().shape()), Optional.empty(), false, to);
        } else if (merged) {
            copy(wiring.tuned(asker).folder(asker, adapter.owner() + "/" + adapter.reference(), adapter.kind()), to);
        }
        return files.keySet();
    }

    private static void copy(Path from, Path to) {
        try (var files = Files.newDirectoryStream(from)) {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw Storage.failure(e, to);
        }
    }

    private static void write(Path output, SortedMap<String, byte[]> files) {
        if (Files.exists(output) && !Files.isDirectory(output)) {
            throw new Failure(Failure.Kind.INVALID, output + " is a file.", "Name a folder that is new or empty.");
        }
        try {
            if (Files.exists(output)) {
                try (var there = Files.newDirectoryStream(output)) {
                    if (there.iterator().hasNext()) {
                        throw new Failure(
                                Failure.Kind.CONFLICT,
                                "The folder " + output + " is not empty.",
                                "Name a folder that is new or empty.");
                    }
                }
            }
            Files.createDirectories(output);
            for (var file : files.entrySet()) {
                Files.write(output.resolve(file.getKey()), file.getValue());
            }
        } catch (IOException e) {
            throw Storage.failure(e, output);
        }
    }
}
