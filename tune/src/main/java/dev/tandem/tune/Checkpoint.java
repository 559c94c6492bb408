package dev.tandem.tune;

import dev.tandem.behavior.model.FloatTensor;
import dev.tandem.behavior.model.Safetensors;
import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The state of a run between two steps, in one file that appears whole or not at all: all tensors that change, and where the
 * run was. What is drawn by chance follows from seed and step alone, so they are the state of the random numbers, too.
 */
final class Checkpoint {

    private static final String NAME = "state.safetensors";
    private static final String WHERE = "where";
    private static final int SUM = 8;

    private final Path folder;
    private final String run;

    /** @param run what the run is made of: another one does not go on from its state */
    Checkpoint(Path folder, String run) {
        this.folder = folder;
        this.run = run;
    }

    /** Where a run was, as whole numbers and bits, in the order of whoever wrote them. */
    record Where(List<Long> numbers) {
        Where {
            numbers = List.copyOf(numbers);
        }
    }

    /** On disk when this returns. */
    void write(SortedMap<String, Tensor> tensors, Where where) {
        var plain = new TreeMap<String, FloatTensor>();
        try (var _ = new PointerScope()) {
            tensors.forEach((name, tensor) -> {
                float[] values = Numbers.floats(tensor);
                plain.put(name, new FloatTensor(List.of(values.length), values));
            });
        }
        var words = new TreeMap<String, String>();
        words.put("run", run);
        words.put(
                WHERE,
                String.join(",", where.numbers.stream().map(String::valueOf).toList()));
        byte[] bytes = Safetensors.write(plain, words);
        try {
            Files.createDirectories(folder);
            Path part = folder.resolve(NAME + ".part");
            try (FileChannel out = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                for (ByteBuffer each : List.of(ByteBuffer.wrap(sum(bytes, bytes.length)), ByteBuffer.wrap(bytes))) {
                    while (each.hasRemaining()) {
                        out.write(each);
                    }
                }
                out.force(true);
            }
            Files.move(part, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel names = FileChannel.open(folder)) {
                names.force(true);
            }
        } catch (IOException e) {
            throw new Failure(
                    Failure.Kind.BROKEN,
                    "The state of the training cannot be written to " + folder + ": " + e.getMessage() + ".",
                    "Free some space, then run the same command with --resume: it goes on from the last state that was"
                            + " written.",
                    e);
        }
    }

    /**
     * Puts a state that was written into the tensors.
     *
     * @return where the run was; empty where there is no state of this run
     * @throws Failure BROKEN where the file is damaged
     */
    Optional<Where> read(SortedMap<String, Tensor> tensors) {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        byte[] all;
        try {
            all = Files.readAllBytes(file);
        } catch (IOException e) {
            throw broken(file, "cannot be read: " + e.getMessage());
        }
        if (all.length < SUM) {
            throw broken(file, "ends too early");
        }
        byte[] bytes = Arrays.copyOfRange(all, SUM, all.length);
        if (!Arrays.equals(sum(bytes, bytes.length), Arrays.copyOf(all, SUM))) {
            throw broken(file, "was changed or damaged");
        }
        SortedMap<String, String> words = Safetensors.words(bytes, file.toString());
        if (!run.equals(words.get("run"))) {
            return Optional.empty();
        }
        SortedMap<String, FloatTensor> plain = Safetensors.read(bytes, file.toString());
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            tensors.forEach((name, tensor) -> {
                FloatTensor found = plain.get(name);
                if (found == null || found.values().length != tensor.numel()) {
                    throw broken(file, "has no " + name + " of " + tensor.numel() + " numbers");
                }
                tensor.copy_(Tensor.create(found.values(), tensor.numel()).view(tensor.sizes()));
            });
        }
        return Optional.of(new Where(Arrays.stream(words.getOrDefault(WHERE, "").split(",", -1))
                .map(Long::valueOf)
                .toList()));
    }

    private static byte[] sum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return HexFormat.of().toHexDigits((int) crc.getValue()).getBytes(StandardCharsets.US_ASCII);
    }

    private static Failure broken(Path file, String what) {
        return new Failure(
                Failure.Kind.BROKEN,
                "The state of the training in " + file + " " + what + ".",
                "Delete the file and train from the beginning, or put back a copy of it.");
    }

    /** The run is over. */
    void delete() {
        try {
            Files.deleteIfExists(folder.resolve(NAME));
            Files.deleteIfExists(folder.resolve(NAME + ".part"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // What is left there is of no run that can go on, and is written over by the next.
        }
    }
}
