package dev.tandem.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.app.cli.CommandLineTester.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo is the first thing that anybody sees: what it promises has to come true. */
class DemoTest {

    private static final String SHOWN = "$ tandem ask ";

    /** Run once: it takes a while, and changes nothing. */
    private static Outcome demo = new Outcome(-1, "", "");

    @BeforeAll
    static void theDemo(@TempDir Path home) {
        demo = new CommandLineTester(home).run("demo");
    }

    @Test
    void everyQuestionOfTheDemoGetsTheAnswerThatItsWordsPromise() {
        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(demo.out().lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 100);
        Map<String, String> answers = answers(demo.out());
        assertThat(answers).hasSize(12);
        assertThat(answers.get("What does E4 mean on a Heron 2?")).contains("Probe not connected");
        assertThat(answers.get("How many days of holiday can I carry over into the next year?"))
                .contains("up to five days");
        assertThat(answers.get("When does the goods-in dock in Kendal close on Fridays?"))
                .startsWith("13:00");
        assertThat(answers.get("Which law governs the agreement with Kvarnholm?"))
                .startsWith("Swedish")
                .contains("page 3");
        assertThat(answers.get("Why were alarms late on 3 September?"))
                .contains("because the intermediate certificate");
        String pay = "What is the pay band of a senior firmware engineer?";
        assertThat(answers.get(pay + " ruth")).contains("£58,000", "£71,000");
        assertThat(answers.get(pay)).startsWith("No answer.").doesNotContain("£", "pay-bands");
        String price = "How much does a Heron 2 cost?";
        assertThat(answers.get(price + " before")).startsWith("£189.00").contains("version 1");
        assertThat(answers.get(price)).startsWith("£204.00").contains("version 2");
        String rule = "Which queue does a late alarm go to when the gateway had lost its connection?";
        assertThat(answers.get(rule + " before")).containsPattern("stays here\\s+even\\s+if the gateway");
        assertThat(answers.get(rule)).contains("goes to the queue gateways. [1]");
        assertThat(answers.get("What did Dev Chaudhry study at university?")).startsWith("No answer.");
    }

    @Test
    void itTrainsComparesFollowsARuleAndAdvises() {
        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(demo.out())
                .contains("Read 592 examples", "train 444 · test 148; 12 labels")
                .contains("148 cases to classify in 12 classes")
                .containsPattern("(?m)^baseline .*\\R^rag .*\\R^tuned .*\\R^hybrid ")
                .containsPattern("Chart: \\S+break-even.svg");
        List<Map<String, Integer>> counts = counts(demo.out());
        assertThat(counts).hasSize(3);
        assertThat(counts.get(0))
                .as("the documents changed, the classifier did not")
                .isEqualTo(counts.get(1));
        assertThat(counts.get(0).getOrDefault("gateways", 0))
                .as("stale until it is trained again")
                .isLessThan(counts.get(2).getOrDefault("gateways", 0));
    }

    /** How often each queue was given to the tickets that the rule moves, each time the demo counts them. */
    private static List<Map<String, Integer>> counts(String demo) {
        var all = new ArrayList<Map<String, Integer>>();
        for (String part : demo.split("uniq -c\n\n", -1)) {
            var counts = new TreeMap<String, Integer>();
            part.lines()
                    .takeWhile(line -> line.matches(" *\\d+ [a-z-]+"))
                    .forEach(line -> counts.put(
                            line.strip().split(" ", -1)[1],
                            Integer.parseInt(line.strip().split(" ", -1)[0])));
            all.add(counts);
        }
        return all.subList(1, all.size());
    }

    /** What was said to each question; of two with the same words the first has a mark behind it. */
    private static Map<String, String> answers(String demo) {
        var answers = new LinkedHashMap<String, String>();
        Arrays.stream(demo.split("(?m)^(?=── |\\$ tandem )", -1))
                .filter(part -> part.startsWith(SHOWN))
                .forEach(part -> {
                    String command = part.substring(0, part.indexOf("\n\n"));
                    String question = command.split("\"", -1)[1].replace("\n", " ");
                    String answer = part.substring(command.length()).strip();
                    String mark = command.contains("ruth") ? " ruth" : "";
                    if (answers.containsKey(question)) {
                        answers.put(question + " before", answers.get(question));
                    }
                    answers.put(question + mark, answer);
                });
        return answers;
    }
}
