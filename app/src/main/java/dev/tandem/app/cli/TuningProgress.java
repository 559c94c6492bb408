package dev.tandem.app.cli;

import dev.tandem.behavior.model.LoraSettings;
import dev.tandem.behavior.tuning.LossCurve;
import dev.tandem.behavior.tuning.Trainer;
import dev.tandem.behavior.tuning.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What a person sees of a tuning run while it goes on, and the files of its curve. */
final class TuningProgress implements Trainer.Listener {

    private final Terminal terminal;
    private final ProgressLine progress;
    private final LoraOptions options;
    private final String figure;
    private final LossCurve curve = new LossCurve();
    private boolean stepping;

    /** @param figure what each epoch is judged by, for the head of a column */
    TuningProgress(Terminal terminal, ProgressLine progress, LoraOptions options, String figure) {
        this.terminal = terminal;
        this.progress = progress;
        this.options = options;
        this.figure = figure;
    }

    /** Says all that it trains with; a state that is not gone on from is forgotten. */
    void begin(TrainingSettings settings, String from) {
        Path checkpoints = settings.checkpoints();
        if (!options.resumes() && checkpoints != null) {
            forget(checkpoints);
        }
        say(settings, from);
    }

    /** Writes the curve where it is wanted. */
    void end() {
        write(curve);
    }

    @Override
    public void on(Trainer.Event event) {
        curve.on(event);
        switch (event) {
            case Trainer.Event.Planned at ->
                terminal.err.println(terminal.dim("about " + ProgressLine.words(at.took()) + " for "
                        + Text.count(at.steps(), "step") + " over " + Text.number(at.tokens())
                        + " tokens an epoch, and " + Text.number(at.megabytes())
                        + " MB of memory; less where it stops early"));
            case Trainer.Event.Step at ->
                progress.show(
                        (double) at.step() / at.steps(),
                        String.format(
                                        Locale.ROOT,
                                        "step %s, loss %.3f, %s tokens/s",
                                        Text.number(at.step()),
                                        at.loss(),
                                        Text.number(Math.round(at.tokensPerSecond())))
                                + (at.left() == null ? "" : ", at most " + ProgressLine.words(at.left()) + " left"));
            case Trainer.Event.Epoch at -> {
                progress.clear();
                if (!stepping) {
                    stepping = true;
                    terminal.err.println(
                            terminal.bold(String.format("epoch   loss  %9s   on what is not learned from", figure)));
                }
                terminal.err.println(String.format(
                        Locale.ROOT,
                        "%5d  %5.3f  %8.1f%%   %s",
                        at.epoch(),
                        at.loss(),
                        100 * at.figure(),
                        at.best() ? terminal.good("best so far") : ""));
            }
            case Trainer.Event.Resumed at ->
                terminal.err.println("Going on after step " + Text.number(at.step()) + ".");
        }
    }

    /** All that follows from the rank. */
    private void say(TrainingSettings settings, String from) {
        LoraSettings lora = settings.lora();
        terminal.err.println(terminal.dim(from
                + String.format(
                        Locale.ROOT,
                        "rank %d, alpha %s%s, dropout %s, layers from %d on; at most %d epochs in batches of %d, learning rate %s"
                                + " (head %s), decay %s, smoothing %s, patience %d; seed %d, %d threads",
                        lora.rank(),
                        lora.alpha(),
                        lora.rankStabilised() ? " over √rank" : "",
                        lora.dropout(),
                        lora.lowestLayer(),
                        settings.epochs(),
                        settings.batch(),
                        settings.learningRate(),
                        settings.headLearningRate(),
                        settings.weightDecay(),
                        settings.smoothing(),
                        settings.patience(),
                        settings.seed(),
                        settings.threads())));
    }

    private void write(LossCurve curve) {
        Path folder = options.curve();
        if (folder != null) {
            try {
                Files.createDirectories(folder);
                Files.writeString(folder.resolve("loss.jsonl"), curve.jsonLines());
                Files.writeString(folder.resolve("loss.svg"), curve.svg());
            } catch (IOException e) {
                terminal.err.println(
                        "The curve could not be written to " + Text.path(folder.toString()) + ": " + e.getMessage());
            }
        }
    }

    private static void forget(Path checkpoints) {
        if (Files.isDirectory(checkpoints)) {
            try (Stream<Path> files = Files.list(checkpoints)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                // A state of another run is passed over anyway.
            }
        }
    }
}
