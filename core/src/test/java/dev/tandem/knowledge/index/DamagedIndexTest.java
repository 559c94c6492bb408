package dev.tandem.knowledge.index;

import static dev.tandem.knowledge.index.Shelf.ENCODER;
import static dev.tandem.knowledge.index.Shelf.EVERYTHING;
import static dev.tandem.knowledge.index.Shelf.byMeaning;
import static dev.tandem.knowledge.index.Shelf.byWords;
import static dev.tandem.knowledge.index.Shelf.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to a file of the index, it is either noticed, with the file's name and the way out, or harmless. */
class DamagedIndexTest {

    private static final String LOCK = "write.lock";

    @TempDir
    Path home;

    private Path sound;

    @BeforeEach
    void makeASoundIndex() {
        sound = home.resolve("sound");
        try (var index = CollectionIndex.write(sound, ENCODER)) {
            put(index, 1, "d", 1, 1, "kettle one", "kettle two");
            put(index, 2, "e", 1, 2, "kettle three");
            put(index, 3, "d", 2, 1, "kettle four");
            index.setAccess("e", 3);
            index.commit(4);
        }
    }

    @Test
    void aTruncatedFileIsNamed() throws IOException {
        for (Path file : files()) {
            Path copy = copy();
            Path damaged = copy.resolve(sound.relativize(file));
            try (var channel = FileChannel.open(damaged, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() / 2);
            }
            assertNamed(copy, damaged);
        }
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        for (Path file : files()) {
            Path copy = copy();
            Path damaged = copy.resolve(sound.relativize(file));
            Files.delete(damaged);
            assertNamed(copy, damaged);
        }
    }

    @Test
    void aChangedByteIsNamedWhenTheChecksumsAreRead() throws IOException {
        for (Path file : files()) {
            Path copy = copy();
            Path damaged = copy.resolve(sound.relativize(file));
            byte[] bytes = Files.readAllBytes(damaged);
            bytes[bytes.length * 2 / 3] ^= 0x10;
            Files.write(damaged, bytes);
            assertNamed(copy, damaged);
        }
    }

    @Test
    void noChangedByteMakesASearchFailWithoutNamingIt() throws IOException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        List<Path> files = files();
        for (int i = 0; i < 60; i++) {
            Path copy = copy();
            Path damaged = copy.resolve(sound.relativize(files.get(random.nextInt(files.size()))));
            byte[] bytes = Files.readAllBytes(damaged);
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(damaged, bytes);
            try (var index = CollectionIndex.read(copy, ENCODER)) {
                byWords(index, "kettle", EVERYTHING);
                byMeaning(index, EVERYTHING);
            } catch (Failure failure) {
                assertThat(failure.kind())
                        .as("seed %d, byte %d of %s", seed, at, damaged)
                        .isEqualTo(Failure.Kind.BROKEN);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", byte " + at + " of " + damaged, e);
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(sound)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(LOCK))
                    .sorted()
                    .toList();
        }
    }

    private Path copy() throws IOException {
        Path copy = Files.createTempDirectory(home, "copy");
        for (Path file : files()) {
            Path target = copy.resolve(sound.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
        return copy;
    }

    /** Opening, or at the latest verifying, says which file is damaged and what to do. */
    private static void assertNamed(Path index, Path damaged) {
        Failure failure = catchThrowableOfType(Failure.class, () -> {
            try (var opened = CollectionIndex.read(index, ENCODER)) {
                opened.verify();
            }
        });
        assertThat(failure).as(damaged.toString()).isNotNull();
        assertThat(failure.kind()).isEqualTo(Failure.Kind.BROKEN);
        // Without its commit point a directory is known only as a whole.
        boolean commitPoint = damaged.getFileName().toString().startsWith("segments");
        assertThat(failure)
                .hasMessageContaining((commitPoint ? damaged.getParent() : damaged.getFileName()).toString());
        assertThat(failure.nextStep())
                .contains(damaged.getParent().toString())
                .contains("tandem ingest")
                .contains("nothing is lost");
    }
}
