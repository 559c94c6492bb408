package dev.tandem.behavior.dataset;

import dev.tandem.catalog.Audit;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * That a model may learn from examples with personal data, and why. One that gives a reason is had only by writing the reason
 * to the audit trail.
 */
public final class PersonalDataConsent {

    /** Nobody has said that it may. */
    public static final PersonalDataConsent NONE = new PersonalDataConsent("");

    /** What the audit trail calls it. */
    public static final String ACTION = "allow-pii";

    private static final int NAMED = 5;
    private static final int LONGEST = 500;

    private final String reason;

    private PersonalDataConsent(String reason) {
        this.reason = reason;
    }

    /**
     * Writes to the audit trail who lets which examples be learned from, what they hold, and why. Where they hold nothing,
     * nothing is written.
     *
     * @param subject names the examples, such as a dataset's version and hash
     * @throws Failure INVALID where the reason says nothing
     */
    public static PersonalDataConsent audited(
            Audit audit, Principal who, String subject, Collection<Example> examples, String reason) {
        requireReason(reason);
        SortedMap<PersonalDataType, List<Example>> found = blocking(examples);
        if (found.isEmpty()) {
            return NONE;
        }
        String said = reason.strip().replaceAll("\\p{C}+", " ");
        audit.write(who, ACTION, subject, String.join("; ", words(found)), said);
        return new PersonalDataConsent(said);
    }

    /** The reason itself; throws INVALID where it is blank or longer than 500 characters. */
    public static String requireReason(String reason) {
        if (reason.isBlank() || reason.length() > LONGEST) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The reason why personal data may be learned from is "
                            + (reason.isBlank() ? "empty." : "longer than " + LONGEST + " characters."),
                    "Say it in a sentence: --allow-pii \"the customers consented, ticket 4711\".");
        }
        return reason;
    }

    /**
     * Lets examples through that hold nothing, and all where a reason was given.
     *
     * @throws Failure INVALID where they hold personal data, with the lines
     */
    public void require(Collection<Example> examples) {
        if (!reason.isEmpty()) {
            return;
        }
        SortedMap<PersonalDataType, List<Example>> found = blocking(examples);
        if (!found.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The examples hold personal data, which a model may give away: " + String.join("; ", words(found))
                            + ".",
                    "Take it out with tandem dataset redact NAME, or, where the model may learn it or the finding is"
                            + " wrong, give the reason: --allow-pii \"REASON\".");
        }
    }

    /** Why, where there was something to let through. */
    public Optional<String> reason() {
        return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
    }

    private static SortedMap<PersonalDataType, List<Example>> blocking(Collection<Example> examples) {
        var found = new TreeMap<PersonalDataType, List<Example>>();
        for (Example example : examples) {
            PersonalData.types(example).stream()
                    .filter(PersonalDataType::blocks)
                    .forEach(type ->
                            found.computeIfAbsent(type, _ -> new ArrayList<>()).add(example));
        }
        return found;
    }

    /** {@code e-mail addresses in 2 examples (train 4, test 12)}. */
    private static List<String> words(SortedMap<PersonalDataType, List<Example>> found) {
        var all = new ArrayList<String>();
        found.forEach((type, examples) -> {
            List<String> lines = examples.stream()
                    .sorted(Comparator.comparing(Example::part).thenComparingInt(Example::line))
                    .limit(NAMED)
                    .map(each -> each.part().word() + " " + each.line())
                    .toList();
            all.add(type.words(2) + " in " + examples.size() + (examples.size() == 1 ? " example (" : " examples (")
                    + String.join(", ", lines) + (examples.size() > NAMED ? ", …)" : ")"));
        });
        return all;
    }
}
