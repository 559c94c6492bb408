package dev.tandem.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswersTest {

    @TempDir
    Path folder;

    private Home home() {
        return Home.at(folder.resolve("home"));
    }

    @Test
    void whatWasNotUsedForLongestGoesFirst() {
        Answers answers = Answers.of(home(), "acme", 3);
        for (String key : new String[] {"a", "b", "c"}) {
            answers.keep(key, "docs", "1", "answer " + key);
        }
        assertThat(answers.find("a")).contains("answer a");
        answers.keep("d", "docs", "1", "answer d");
        assertThat(answers.count()).isEqualTo(3);
        assertThat(answers.find("b")).isEmpty();
        assertThat(answers.find("a")).contains("answer a");
    }

    @Test
    void aLaterMomentLeavesNothingOfAnEarlierOneInItsCollection() {
        Answers answers = Answers.of(home(), "acme");
        answers.keep("a", "docs", "1", "answer");
        answers.keep("b", "other", "1", "answer");
        answers.keep("c", "docs", "2", "answer");
        assertThat(answers.find("a")).isEmpty();
        assertThat(answers.find("b")).isPresent();
        assertThat(answers.find("c")).isPresent();
        assertThat(Answers.of(home(), "globex").find("c")).as("another tenant").isEmpty();
    }

    @Test
    void aFileThatIsDamagedIsNoCacheAndNoFailure() throws Exception {
        Answers answers = Answers.of(home(), "acme");
        answers.keep("a", "docs", "1", "answer");
        Files.writeString(home().answers("acme"), "no database");
        assertThat(answers.find("a")).isEmpty();
        answers.keep("b", "docs", "1", "answer");
        answers.drop("b");
    }

    @Test
    void aChangedByteIsNeverGivenAsAnAnswer() throws Exception {
        Answers answers = Answers.of(home(), "acme");
        String kept = "{\"text\":\"The ferry takes 75000 kg, at 7:45.\"}";
        answers.keep("a", "docs", "1", kept);
        answers.keep("b", "docs", "1", "{}");
        Path file = home().answers("acme");
        byte[] whole = Files.readAllBytes(file);
        String bytes = new String(whole, StandardCharsets.ISO_8859_1);
        int end = bytes.indexOf(kept) + kept.length();
        int start = bytes.lastIndexOf('~', end);
        assertThat(end - start).as("the seal stands in front").isEqualTo(kept.length() + 10);
        long seed = Long.getLong("tandem.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 20; i++) {
            int at = random.nextInt(start, end);
            byte[] changed = whole.clone();
            changed[at] ^= (byte) random.nextInt(1, 256);
            Files.write(file, changed);
            assertThat(answers.find("a"))
                    .as("byte %d, replay with -Dtandem.seed=%d", at, seed)
                    .isEmpty();
            assertThat(answers.count()).as("the row is gone").isEqualTo(1);
            assertThat(answers.find("b")).contains("{}");
        }
        for (int i = 0; i < 200; i++) {
            int at = random.nextInt(whole.length);
            byte[] changed = whole.clone();
            changed[at] ^= (byte) random.nextInt(1, 256);
            Files.write(file, changed);
            assertThat(answers.find("a").orElse(kept))
                    .as("byte %d, replay with -Dtandem.seed=%d", at, seed)
                    .isEqualTo(kept);
        }
    }

    @Test
    void theMarkOfASealIsNotTakenForAnAnswerFromBeforeThereWereSeals() {
        assertThat(Seal.open(Seal.on("{}", "a").replace('~', '{'), "a")).isEmpty();
    }

    @Test
    void aFileFromBeforeThereWereSealsIsOpenedAndItsAnswersAreMadeAnew() throws Exception {
        Answers answers = Answers.of(home(), "acme");
        answers.keep("a", "docs", "1", "{\"text\":\"answer\"}");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + home().answers("acme"));
                var statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE answer SET answer = substr(answer, 11)");
        }
        assertThat(Answers.file(home(), "acme").damage(Answers::damaged))
                .as("old, not damaged")
                .isEmpty();
        assertThat(answers.find("a")).isEmpty();
        assertThat(answers.count()).isZero();
        answers.keep("a", "docs", "1", "answer");
        assertThat(answers.find("a")).contains("answer");
    }

    @Test
    void nothingIsOnDiskBeforeTheFirstAnswer() {
        assertThat(Answers.of(home(), "acme").find("a")).isEmpty();
        assertThat(Answers.of(home(), "acme").count()).isZero();
        assertThat(home().path()).doesNotExist();
    }
}
