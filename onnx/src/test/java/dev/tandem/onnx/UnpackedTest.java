package dev.tandem.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.domain.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedTest {

    private static final String RESOURCE = "/bge-small-en-v1.5-q-tokenizer.json";
    private static final long SIZE = 711_396;

    @TempDir
    Path folder;

    @Test
    void aFileIsUnpackedOnceAndThenLeftAlone() throws IOException {
        Path file = Unpacked.file(RESOURCE, folder.resolve("new/tokenizer.json"));
        assertThat(file).hasSize(SIZE);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        Unpacked.file(RESOURCE, file);
        assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(1_000);
    }

    @Test
    void theBytesAreForcedToDiskUnderTheNameThatAnUnfinishedFileHas() throws IOException {
        List<String> forced = new ArrayList<>();
        try (var recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold();
            recording.start();
            Unpacked.file(RESOURCE, folder.resolve("tokenizer.json"));
            recording.stop();
            Path events = folder.resolve("events.jfr");
            recording.dump(events);
            for (RecordedEvent event : RecordingFile.readAllEvents(events)) {
                forced.add(event.getString("path"));
            }
        }
        assertThat(forced)
                .singleElement()
                .satisfies(file -> assertThat(file)
                        .startsWith(folder.resolve("tokenizer.json.").toString())
                        .endsWith(".part"));
    }

    @Test
    void aFileOfTheWrongSizeIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), "cut off");
        assertThat(Unpacked.file(RESOURCE, file)).hasSize(SIZE);
    }

    @Test
    void threadsThatRaceAllSeeTheWholeFileAndLeaveNothingBehind() throws Exception {
        Path file = folder.resolve("tokenizer.json");
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Future<Long>> sizes = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sizes.add(threads.submit(() -> Files.size(Unpacked.file(RESOURCE, file))));
            }
            for (Future<Long> size : sizes) {
                assertThat(size.get()).isEqualTo(SIZE);
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsOneClearFailure() throws IOException {
        Path blocked = Files.writeString(folder.resolve("file"), "in the way");
        assertThatThrownBy(() -> Unpacked.file(RESOURCE, blocked.resolve("tokenizer.json")))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.BROKEN);
                    assertThat(failure.nextStep()).contains("writable");
                });
    }
}
