package dev.tandem.app.sample;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.app.sample.SampleCompany.Ticket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTicketsTest {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    /** The first day of the rule that moves tickets to another queue. */
    private static final LocalDate NOVEMBER_RULE = LocalDate.of(2026, 11, 2);

    private final List<Ticket> tickets = SampleCompany.tickets();
    private final List<Ticket> reclassified = SampleCompany.reclassified();
    private final List<Ticket> moved = SampleCompany.moved();
    private final Map<String, Ticket> byId = tickets.stream().collect(toMap(Ticket::id, Function.identity()));

    @Test
    void everyTicketGoesToOneOfTwelveQueuesThatAreDescribed() {
        assertThat(tickets).hasSizeGreaterThanOrEqualTo(480);
        assertThat(SampleCompany.queues()).hasSize(12);
        assertThat(SampleCompany.queues().values())
                .allSatisfy(line -> assertThat(line).isNotBlank());
        Map<String, Long> sizes = tickets.stream().collect(groupingBy(Ticket::queue, counting()));
        assertThat(sizes.keySet()).isEqualTo(SampleCompany.queues().keySet());
        assertThat(sizes.values()).allSatisfy(size -> assertThat(size).isGreaterThanOrEqualTo(42));
    }

    @Test
    void theRoutingPolicyHasARowForEveryQueueInBothMonths(@TempDir Path root) throws IOException {
        SampleCompany.copyTo(root);
        Path policy = root.resolve("support/routing.md");
        String october = Files.readString(policy);
        for (var later : SampleCompany.later()) {
            SampleCompany.apply(later, root);
        }
        String november = Files.readString(policy);
        assertThat(november).isNotEqualTo(october);
        for (String queue : SampleCompany.queues().keySet()) {
            assertThat(october).contains("| " + queue + " |");
            assertThat(november).contains("| " + queue + " |");
        }
    }

    @Test
    void noTicketIsThereTwice() {
        List<Ticket> all =
                Stream.of(tickets, fresh(), moved).flatMap(List::stream).toList();
        assertThat(all.stream().map(Ticket::id)).doesNotHaveDuplicates();
        assertThat(all.stream().map(Ticket::text)).doesNotHaveDuplicates();
        assertThat(all).allSatisfy(ticket -> {
            assertThat(ticket.text()).isNotBlank();
            assertThat(LocalDate.parse(ticket.date())).hasYear(2026);
        });
    }

    @Test
    void aQuarterOfEachQueueIsHeldOut() {
        assertThat(tickets.stream().map(Ticket::split)).containsOnly("train", "test");
        tickets.stream().collect(groupingBy(Ticket::queue)).forEach((queue, ofQueue) -> {
            long test = ofQueue.stream().filter(SampleTicketsTest::heldOut).count();
            assertThat((double) test / ofQueue.size()).as(queue).isBetween(.2, .3);
        });
    }

    @Test
    void nothingHeldOutIsNearlyTheSameAsSomethingToLearnFrom() {
        List<Ticket> learned = Stream.of(tickets, fresh())
                .flatMap(List::stream)
                .filter(ticket -> !heldOut(ticket))
                .toList();
        Map<String, Set<String>> words = learned.stream().collect(toMap(Ticket::id, ticket -> words(ticket.text())));
        Stream.of(tickets, moved)
                .flatMap(List::stream)
                .filter(SampleTicketsTest::heldOut)
                .forEach(ticket -> {
                    Set<String> own = words(ticket.text());
                    words.forEach((id, theirs) -> assertThat(jaccard(own, theirs))
                            .as(ticket.id() + " and " + id)
                            .isLessThan(.8));
                });
    }

    @Test
    void theRuleOfNovemberMovesTicketsFromOneQueueToOneOther() {
        List<Ticket> old = reclassified.stream()
                .filter(ticket -> byId.containsKey(ticket.id()))
                .toList();
        assertThat(old).isNotEmpty().allSatisfy(ticket -> {
            Ticket before = byId.get(ticket.id());
            assertThat(before.split()).isEqualTo("train");
            assertThat(ticket.text()).isEqualTo(before.text());
            assertThat(before.queue()).isEqualTo("alarms");
        });
        assertThat(fresh()).hasSizeGreaterThanOrEqualTo(12);
        assertThat(moved).hasSize(6);
        assertThat(Stream.of(fresh(), moved).flatMap(List::stream))
                .allSatisfy(ticket -> assertThat(LocalDate.parse(ticket.date())).isAfterOrEqualTo(NOVEMBER_RULE));
        assertThat(tickets)
                .allSatisfy(ticket -> assertThat(LocalDate.parse(ticket.date())).isBefore(NOVEMBER_RULE));
        assertThat(Stream.of(reclassified, moved).flatMap(List::stream).map(Ticket::queue))
                .containsOnly("gateways");
        assertThat(reclassified).noneMatch(SampleTicketsTest::heldOut);
        assertThat(moved).allMatch(SampleTicketsTest::heldOut);
    }

    /** Those of November. */
    private List<Ticket> fresh() {
        return reclassified.stream()
                .filter(ticket -> !byId.containsKey(ticket.id()))
                .toList();
    }

    private static boolean heldOut(Ticket ticket) {
        return ticket.split().equals("test");
    }

    private static Set<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .collect(toSet());
    }

    private static double jaccard(Set<String> one, Set<String> other) {
        var both = new HashSet<>(one);
        both.retainAll(other);
        return both.size() / (double) (one.size() + other.size() - both.size());
    }
}
