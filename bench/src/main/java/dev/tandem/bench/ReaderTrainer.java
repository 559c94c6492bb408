package dev.tandem.bench;

import dev.tandem.assistant.AssistantSettings;
import dev.tandem.assistant.ReaderExample;
import dev.tandem.assistant.ReaderModel;
import dev.tandem.assistant.ReaderTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Fits the model of the built-in reader on the training articles of both SQuAD sets, over what retrieval finds in the
 * whole corpus, and writes it where the build picks it up. Run it again after a change of features.
 *
 * <p>Argument: the file to write, by default the one that is built in.
 */
final class ReaderTrainer {

    private static final long SEED = 20_261_121;

    private ReaderTrainer() {}

    public static void main(String[] args) throws IOException {
        Path file = Path.of(
                args.length > 0
                        ? args[0]
                        : System.getProperty("tandem.root", ".")
                                + "/core/src/main/resources/dev/tandem/assistant/reader.tsv");
        AssistantSettings settings = AssistantSettings.DEFAULT;
        try (SquadHome home = SquadHome.open()) {
            List<ReaderExample> answerable = home.examples(SquadHome.questions(SquadHome.ANSWERED, "train"), settings);
            List<ReaderExample> mixed =
                    new ArrayList<>(home.examples(SquadHome.questions(SquadHome.HALF_ANSWERED, "train"), settings));
            mixed.addAll(answerable);
            mixed.addAll(Absent.of(answerable));
            var training = new ReaderTraining(home.embedder(), settings.contextTokens(), SEED, System.err::println);
            ReaderModel model = training.fit(answerable, mixed);
            model.write(
                    file,
                    List.of(
                            "The built-in reader's weights, fitted by bench/run ReaderTrainer on the training articles of"
                                    + " squad-v1.1-dev and squad-v2.0-dev",
                            "(SQuAD, Rajpurkar et al. 2016 and 2018, CC BY-SA 4.0). span:column and span:cell are set by"
                                    + " hand."));
            System.out.println("written: " + file);
        }
    }
}
