package dev.tandem.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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
    void nothingIsOnDiskBeforeTheFirstAnswer() {
        assertThat(Answers.of(home(), "acme").find("a")).isEmpty();
        assertThat(Answers.of(home(), "acme").count()).isZero();
        assertThat(home().path()).doesNotExist();
    }
}
