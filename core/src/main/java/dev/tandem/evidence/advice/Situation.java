package dev.tandem.evidence.advice;

import dev.tandem.domain.Failure;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is known of the user's case; everything may be unknown, and what is unknown is never guessed.
 *
 * @param task what is asked of the system
 * @param examples clean examples: input and wanted output
 * @param classes labels to tell apart, of a classification
 * @param documents documents that answers rest on
 * @param changes how often their facts change
 * @param needs what must hold of an answer
 * @param narrow one repetitive task of a closed kind
 * @param longOutput what is written is a page or more, such as a note of a visit
 * @param synthesis questions need the whole base at once
 * @param volume queries a month
 * @param latencyMs an answer must be there by then
 * @param deadlineDays days until something must work
 * @param budget USD to spend before the first answer
 * @param tier whose figures the money is reckoned with
 * @param modelSize what is tuned, for the cost of training
 * @param months horizon over which arms are compared by cost
 * @param bar quality that is good enough, in the unit of the metric
 * @param promptScore what the prompt alone reaches, as the user says
 * @param closedModel the base model cannot be tuned
 * @param noIndexOnDevice the device may hold no index
 * @param publicExamples the examples hold nothing of what must stay out of weights
 * @param noMlTeam nobody there trains models
 * @param hostedIndex the index is hosted by somebody, instead of embedded
 * @param selfHosted a tuned model is served on an own machine
 * @param tokens of one query and its answer, to reckon per token
 * @param hoursSaved hours of work that one case saves
 * @param wage USD an hour of that work
 */
public record Situation(
        Optional<Task> task,
        OptionalLong examples,
        OptionalLong classes,
        OptionalLong documents,
        Optional<Changes> changes,
        Set<Need> needs,
        boolean narrow,
        boolean longOutput,
        boolean synthesis,
        OptionalLong volume,
        OptionalLong latencyMs,
        OptionalLong deadlineDays,
        Optional<BigDecimal> budget,
        Tier tier,
        ModelSize modelSize,
        int months,
        OptionalDouble bar,
        OptionalDouble promptScore,
        boolean closedModel,
        boolean noIndexOnDevice,
        boolean publicExamples,
        boolean noMlTeam,
        boolean hostedIndex,
        boolean selfHosted,
        OptionalLong tokens,
        Optional<BigDecimal> hoursSaved,
        Optional<BigDecimal> wage) {

    private static final long MANY = 1_000_000_000_000L;

    public Situation {
        needs = needs.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(needs));
        within("examples", examples, 0, MANY);
        within("classes", classes, 2, MANY);
        within("documents", documents, 0, MANY);
        within("volume", volume, 1, MANY);
        within("latency", latencyMs, 1, MANY);
        within("deadline", deadlineDays, 1, 36_500);
        within("tokens", tokens, 1, MANY);
        within("months", OptionalLong.of(months), 1, 120);
        notNegative("budget", budget);
        notNegative("hours saved", hoursSaved);
        notNegative("wage", wage);
        finite("bar", bar);
        finite("prompt score", promptScore);
        if (promptScore.isPresent() && bar.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "A prompt score says nothing without the bar that it has to reach.",
                    "Give the quality that is good enough with --bar N, in the same unit.");
        }
        if (hoursSaved.isPresent() != wage.isPresent()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "What work costs follows from hours and wage together.",
                    "Give both --hours-saved H and --wage W, or neither.");
        }
    }

    /** Nothing is known yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** The same, to be changed. */
    public Builder toBuilder() {
        return new Builder()
                .task(task)
                .examples(examples)
                .classes(classes)
                .documents(documents)
                .changes(changes)
                .needs(needs)
                .narrow(narrow)
                .longOutput(longOutput)
                .synthesis(synthesis)
                .volume(volume)
                .latencyMs(latencyMs)
                .deadlineDays(deadlineDays)
                .budget(budget)
                .tier(tier)
                .modelSize(modelSize)
                .months(months)
                .bar(bar)
                .promptScore(promptScore)
                .closedModel(closedModel)
                .noIndexOnDevice(noIndexOnDevice)
                .publicExamples(publicExamples)
                .noMlTeam(noMlTeam)
                .hostedIndex(hostedIndex)
                .selfHosted(selfHosted)
                .tokens(tokens)
                .hoursSaved(hoursSaved)
                .wage(wage);
    }

    boolean needs(Need... any) {
        for (Need need : any) {
            if (needs.contains(need)) {
                return true;
            }
        }
        return false;
    }

    /** Whether facts that answers rest on change at all. */
    boolean factsChange() {
        return changes.filter(rate -> rate != Changes.NEVER).isPresent();
    }

    /** One closed kind of task: said so, or a classification, which is one. */
    boolean isNarrow() {
        return narrow || is(Task.CLASSIFY);
    }

    boolean is(Task wanted) {
        return task.filter(wanted::equals).isPresent();
    }

    private static void within(String what, OptionalLong number, long least, long most) {
        if (number.isPresent() && (number.getAsLong() < least || number.getAsLong() > most)) {
            throw bad(
                    what,
                    String.valueOf(number.getAsLong()),
                    "Give a whole number from " + least + " to " + most + ".");
        }
    }

    private static void notNegative(String what, Optional<BigDecimal> number) {
        if (number.filter(value -> value.signum() < 0).isPresent()) {
            throw bad(what, number.orElseThrow().toPlainString(), "Give a number that is not negative.");
        }
    }

    private static void finite(String what, OptionalDouble number) {
        if (number.isPresent() && !Double.isFinite(number.getAsDouble())) {
            throw bad(what, String.valueOf(number.getAsDouble()), "Give a number such as 0.85.");
        }
    }

    private static Failure bad(String what, String value, String next) {
        return new Failure(Failure.Kind.INVALID, value + " is no value for the " + what + ".", next);
    }

    /** Fills in what is known. */
    public static final class Builder {

        private Optional<Task> task = Optional.empty();
        private OptionalLong examples = OptionalLong.empty();
        private OptionalLong classes = OptionalLong.empty();
        private OptionalLong documents = OptionalLong.empty();
        private Optional<Changes> changes = Optional.empty();
        private Set<Need> needs = Set.of();
        private boolean narrow = false;
        private boolean longOutput = false;
        private boolean synthesis = false;
        private OptionalLong volume = OptionalLong.empty();
        private OptionalLong latencyMs = OptionalLong.empty();
        private OptionalLong deadlineDays = OptionalLong.empty();
        private Optional<BigDecimal> budget = Optional.empty();
        private Tier tier = Tier.START;
        private ModelSize modelSize = ModelSize.SMALL;
        private int months = 12;
        private OptionalDouble bar = OptionalDouble.empty();
        private OptionalDouble promptScore = OptionalDouble.empty();
        private boolean closedModel = false;
        private boolean noIndexOnDevice = false;
        private boolean publicExamples = false;
        private boolean noMlTeam = false;
        private boolean hostedIndex = false;
        private boolean selfHosted = false;
        private OptionalLong tokens = OptionalLong.empty();
        private Optional<BigDecimal> hoursSaved = Optional.empty();
        private Optional<BigDecimal> wage = Optional.empty();

        private Builder() {}

        public Builder task(Optional<Task> value) {
            task = value;
            return this;
        }

        public Builder task(Task value) {
            return task(Optional.of(value));
        }

        public Builder examples(OptionalLong value) {
            examples = value;
            return this;
        }

        public Builder examples(long value) {
            return examples(OptionalLong.of(value));
        }

        public Builder classes(OptionalLong value) {
            classes = value;
            return this;
        }

        public Builder classes(long value) {
            return classes(OptionalLong.of(value));
        }

        public Builder documents(OptionalLong value) {
            documents = value;
            return this;
        }

        public Builder documents(long value) {
            return documents(OptionalLong.of(value));
        }

        public Builder changes(Optional<Changes> value) {
            changes = value;
            return this;
        }

        public Builder changes(Changes value) {
            return changes(Optional.of(value));
        }

        public Builder needs(Set<Need> value) {
            needs = value;
            return this;
        }

        public Builder narrow(boolean value) {
            narrow = value;
            return this;
        }

        public Builder longOutput(boolean value) {
            longOutput = value;
            return this;
        }

        public Builder synthesis(boolean value) {
            synthesis = value;
            return this;
        }

        public Builder volume(OptionalLong value) {
            volume = value;
            return this;
        }

        public Builder volume(long value) {
            return volume(OptionalLong.of(value));
        }

        public Builder latencyMs(OptionalLong value) {
            latencyMs = value;
            return this;
        }

        public Builder latencyMs(long value) {
            return latencyMs(OptionalLong.of(value));
        }

        public Builder deadlineDays(OptionalLong value) {
            deadlineDays = value;
            return this;
        }

        public Builder deadlineDays(long value) {
            return deadlineDays(OptionalLong.of(value));
        }

        public Builder budget(Optional<BigDecimal> value) {
            budget = value;
            return this;
        }

        public Builder budget(BigDecimal value) {
            return budget(Optional.of(value));
        }

        public Builder tier(Tier value) {
            tier = value;
            return this;
        }

        public Builder modelSize(ModelSize value) {
            modelSize = value;
            return this;
        }

        public Builder months(int value) {
            months = value;
            return this;
        }

        public Builder bar(OptionalDouble value) {
            bar = value;
            return this;
        }

        public Builder bar(double value) {
            return bar(OptionalDouble.of(value));
        }

        public Builder promptScore(OptionalDouble value) {
            promptScore = value;
            return this;
        }

        public Builder promptScore(double value) {
            return promptScore(OptionalDouble.of(value));
        }

        public Builder closedModel(boolean value) {
            closedModel = value;
            return this;
        }

        public Builder noIndexOnDevice(boolean value) {
            noIndexOnDevice = value;
            return this;
        }

        public Builder publicExamples(boolean value) {
            publicExamples = value;
            return this;
        }

        public Builder noMlTeam(boolean value) {
            noMlTeam = value;
            return this;
        }

        public Builder hostedIndex(boolean value) {
            hostedIndex = value;
            return this;
        }

        public Builder selfHosted(boolean value) {
            selfHosted = value;
            return this;
        }

        public Builder tokens(OptionalLong value) {
            tokens = value;
            return this;
        }

        public Builder tokens(long value) {
            return tokens(OptionalLong.of(value));
        }

        public Builder hoursSaved(Optional<BigDecimal> value) {
            hoursSaved = value;
            return this;
        }

        public Builder hoursSaved(BigDecimal value) {
            return hoursSaved(Optional.of(value));
        }

        public Builder wage(Optional<BigDecimal> value) {
            wage = value;
            return this;
        }

        public Builder wage(BigDecimal value) {
            return wage(Optional.of(value));
        }

        public Situation build() {
            return new Situation(
                    task,
                    examples,
                    classes,
                    documents,
                    changes,
                    needs,
                    narrow,
                    longOutput,
                    synthesis,
                    volume,
                    latencyMs,
                    deadlineDays,
                    budget,
                    tier,
                    modelSize,
                    months,
                    bar,
                    promptScore,
                    closedModel,
                    noIndexOnDevice,
                    publicExamples,
                    noMlTeam,
                    hostedIndex,
                    selfHosted,
                    tokens,
                    hoursSaved,
                    wage);
        }
    }
}
