package dev.tandem.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Children that hang, die, eat memory and talk nonsense: each costs its own file, and no other. */
class ParserPoolTest {

    private static final byte[] BINARY = {0, 1, 2, 3};

    private final ParserPool pool = ParserPool.of(
            ParseLimits.standard()
                    .withTime(Duration.ofSeconds(2))
                    .withMemory(64)
                    .withUnpacked(50)
                    .withCharacters(1_000_000)
                    .withChildren(2),
            new ChildCommand(
                    Misbehaving.class.getName(),
                    Path.of("target/classes").toAbsolutePath()
                            + java.io.File.pathSeparator
                            + Path.of("target/test-classes").toAbsolutePath()));

    @AfterEach
    void close() {
        Set<Long> children = pool.children();
        pool.close();
        assertThat(children)
                .allMatch(id ->
                        ProcessHandle.of(id).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void aHangEndsWithItsTime() {
        assertThat(reason("hang.doc")).isEqualTo("Reading it takes longer than 2 s.");
        goesOn();
    }

    @Test
    void memoryEndsWithItsLimit() {
        assertThat(reason("memory.doc")).isEqualTo("Reading it takes more than 64 MB of memory.");
        goesOn();
    }

    @Test
    void temporarySpaceEndsWithItsLimit() {
        assertThat(reason("space.doc")).isEqualTo("Reading it takes more than 50 MB of temporary space.");
        goesOn();
    }

    @Test
    void aChildThatDiesIsReplaced() {
        assertThat(reason("exit.doc")).isEqualTo("The process that read it broke down (exit code 9).");
        goesOn();
    }

    @Test
    void nonsenseAndFloodsAreNotBelieved() {
        assertThat(reason("nonsense.doc")).startsWith("The process that read it broke down");
        assertThat(reason("flood.doc")).startsWith("The process that read it broke down");
        goesOn();
    }

    @Test
    void aChildKilledInTheMiddleCostsItsFileOnly() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> hanging = threads.submit(() -> reason("hang.doc"));
            while (pool.children().isEmpty()) {
                Thread.sleep(10);
            }
            Thread.sleep(100);
            pool.children().forEach(id -> ProcessHandle.of(id).ifPresent(ProcessHandle::destroyForcibly));
            assertThat(hanging.get()).startsWith("The process that read it broke down");
        }
        goesOn();
    }

    @Test
    void manyThreadsShareFewChildren() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String name = i % 10 == 5 ? "exit.doc" : "good.doc";
                all.add(threads.submit(() -> reason(name)));
            }
            int died = 0;
            for (Future<String> each : all) {
                died += each.get() == null ? 0 : 1;
            }
            assertThat(died).isEqualTo(4);
            assertThat(pool.children()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void nothingStartsBeforeAFileNeedsIt() {
        assertThat(pool.children()).isEmpty();
    }

    @Test
    void temporaryFoldersGoWithTheirChildren() throws Exception {
        goesOn();
        pool.close();
        try (var left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            long own = ProcessHandle.current().pid();
            assertThat(left.filter(each -> each.getFileName().toString().startsWith("tandem-parse-" + own)))
                    .isEmpty();
        }
    }

    private void goesOn() {
        assertThat(Documents.read("good.doc", BINARY, pool).text()).isEqualTo("read good.doc");
    }

    private String reason(String name) {
        return Documents.reason(name, BINARY, pool);
    }
}
