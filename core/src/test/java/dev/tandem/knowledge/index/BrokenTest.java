package dev.tandem.knowledge.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.AlreadyClosedException;
import org.junit.jupiter.api.Test;

class BrokenTest {

    private static final Path INDEX = Path.of("home", "index");

    @Test
    void aFullDiskUnderTheIndexIsSaidLikeOneUnderTheCatalog() {
        Failure full = failure(new IOException("No space left on device"));

        assertThat(full.kind()).isEqualTo(Failure.Kind.BUSY);
        assertThat(full).hasMessageStartingWith("The disk that holds " + INDEX + " is full.");
    }

    @Test
    void soIsOneThatLuceneClosedItsWriterFor() {
        Failure full = catchThrowableOfType(
                Failure.class,
                () -> Broken.run(INDEX, () -> {
                    throw new AlreadyClosedException("closed", new IOException("No space left on device"));
                }));

        assertThat(full.kind()).isEqualTo(Failure.Kind.BUSY);
    }

    @Test
    void anotherErrorOfTheDiskIsBroken() {
        assertThat(failure(new IOException("Input/output error")).kind()).isEqualTo(Failure.Kind.BROKEN);
    }

    private static Failure failure(IOException cause) {
        return catchThrowableOfType(
                Failure.class,
                () -> Broken.run(INDEX, () -> {
                    throw cause;
                }));
    }
}
