package dev.tandem.knowledge.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Failure;
import dev.tandem.knowledge.extract.ExtractLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReadTest {

    private static final ExtractLimits LIMITS = ExtractLimits.standard();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("a.txt"), "one\n");
    }

    @Test
    void aFileThatGrowsOnceWhileItIsReadIsReadAgainWhole() throws IOException {
        var opened = new AtomicInteger();

        FileRead read = FileRead.of(file, LIMITS, path -> {
            InputStream in = Files.newInputStream(path);
            if (opened.getAndIncrement() == 0) {
                Files.writeString(path, "two\n", StandardOpenOption.APPEND);
            }
            return in;
        });

        assertThat(read.bytes()).asString().isEqualTo("one\ntwo\n");
        assertThat(opened).hasValue(2);
    }

    @Test
    void aFileThatIsReplacedWhileItIsReadIsReadAgain() throws IOException {
        var opened = new AtomicInteger();

        FileRead read = FileRead.of(file, LIMITS, path -> {
            InputStream in = Files.newInputStream(path);
            if (opened.getAndIncrement() == 0) {
                // As editors do it: the same size, and even the same date.
                Path other = Files.writeString(folder.resolve("other"), "ONE\n");
                Files.setLastModifiedTime(other, Files.getLastModifiedTime(path));
                Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
            }
            return in;
        });

        assertThat(read.bytes()).asString().isEqualTo("ONE\n");
    }

    @Test
    void aFileThatNeverStopsChangingIsGivenUp() {
        assertThatThrownBy(() -> FileRead.of(file, LIMITS, path -> {
                    InputStream in = Files.newInputStream(path);
                    Files.writeString(path, "more\n", StandardOpenOption.APPEND);
                    return in;
                }))
                .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind()).isEqualTo(Failure.Kind.INVALID))
                .hasMessage("It kept changing while it was read.");
    }

    @Test
    void whatIsNoRegularFileIsRefused() {
        assertThatThrownBy(() -> FileRead.of(Path.of("/dev/zero"), LIMITS)).hasMessage("It is not a regular file.");
    }
}
