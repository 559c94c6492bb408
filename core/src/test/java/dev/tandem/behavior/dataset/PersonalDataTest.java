package dev.tandem.behavior.dataset;

import static dev.tandem.behavior.dataset.PersonalDataType.ADDRESS;
import static dev.tandem.behavior.dataset.PersonalDataType.BIRTH;
import static dev.tandem.behavior.dataset.PersonalDataType.CARD;
import static dev.tandem.behavior.dataset.PersonalDataType.EMAIL;
import static dev.tandem.behavior.dataset.PersonalDataType.IBAN;
import static dev.tandem.behavior.dataset.PersonalDataType.IP;
import static dev.tandem.behavior.dataset.PersonalDataType.PERSON;
import static dev.tandem.behavior.dataset.PersonalDataType.PHONE;
import static dev.tandem.behavior.dataset.PersonalDataType.SSN;
import static dev.tandem.behavior.dataset.PersonalDataType.URL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tandem.catalog.Audit;
import dev.tandem.catalog.Home;
import dev.tandem.domain.Beside;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import dev.tandem.domain.Principal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which texts hold personal data, and what becomes of them. */
class PersonalDataTest {

    private static final Principal ANA = Principal.ofUser("ana");

    @TempDir
    Path folder;

    @Test
    void whatHasAFormOfItsOwnIsFoundWhereverItStands() {
        finds(EMAIL, "ana.maria+x@post.firma.de", "Write to ana.maria+x@post.firma.de, please.");
        finds(IBAN, "DE89 3704 0044 0532 0130 00", "Pay to DE89 3704 0044 0532 0130 00 WITH THIS NOTE.");
        finds(IBAN, "gb82west12345698765432", "from gb82west12345698765432");
        finds(CARD, "4111 1111 1111 1111", "My card 4111 1111 1111 1111 is lost");
        finds(CARD, "378282246310005", "amex 378282246310005.");
        finds(IP, "81.2.69.142", "It came from 81.2.69.142.");
        finds(IP, "2001:4860:4860::8888", "and from 2001:4860:4860::8888 too");
        finds(IP, "8.8.8.8", "its IP is 8.8.8.8");
        finds(SSN, "125-17-4954", "SSN 125-17-4954");
        finds(PHONE, "+41 (0)96 471 07 95", "me: +41 (0)96 471 07 95");
        finds(PHONE, "(602)272-9781", "at (602)272-9781 until five");
        finds(PHONE, "345-899-3560x4587", "345-899-3560x4587");
        finds(URL, "https://www.Firma.se/a?b=c", "see https://www.Firma.se/a?b=c.");
    }

    @Test
    void whatHasNoFormIsFoundWhereWordsSayWhatItIs() {
        finds(PHONE, "78 651 450", "Please call me at 78 651 450");
        holdsNothing("The city has 78 651 450 trees");
        finds(BIRTH, "6/24/1991", "Your date of birth? 6/24/1991");
        finds(BIRTH, "3 May 1980", "She was born on 3 May 1980.");
        holdsNothing("The form of 3 May 1980 is outdated");
        holdsNothing("Luther was born 10 November 1483");
        finds(ADDRESS, "10 Downing Street", "It goes to 10 Downing Street, London");
        finds(ADDRESS, "Hauptstraße 5", "wohnt Hauptstraße 5");
        finds(ADDRESS, "12 rue La Fayette", "au 12 rue La Fayette");
        finds(ADDRESS, "5638 Aasa 43", "My address is 5638 Aasa 43");
        holdsNothing("It is located on Virginia Route 39");
        finds(PERSON, "Anna de Vries", "My name is Anna de Vries and I call again");
        finds(PERSON, "Newton", "by Dr. Newton's law");
    }

    @Test
    void numbersThatAreNoOnesAreLeftAlone() {
        holdsNothing("order 4111 1111 1111 1112"); // Luhn's digit is wrong
        holdsNothing("DE88 3704 0044 0532 0130 00"); // check digits are wrong
        holdsNothing("run version 10.4.200.1 or 81.2.69 of it, then 192.168.178.40 and 127.0.0.1");
        holdsNothing("see section 7.6.1.1");
        holdsNothing("since 2024-05-17 14:30:00, 17.05.2024");
        holdsNothing("666-12-3456 and 000-12-3456");
        holdsNothing("write to you@example.com");
        holdsNothing("the 1978 Supreme Court case");
        holdsNothing("I have 12,345,678.90 left of $1,234,567");
        holdsNothing("");
    }

    @Test
    void aMaskedTextSaysWhatWasThereAndHoldsNothingMore() {
        String text = "I am Mr. Smith, ana@firma.de, +41 44 668 18 00, see www.firma.de";
        String masked = PersonalData.masked(text);
        assertThat(masked).isEqualTo("I am Mr. Smith, [email], [phone], see www.firma.de");
        assertThat(PersonalData.in(masked)).noneMatch(each -> each.type().blocks());
        assertThat(PersonalData.masked("nothing here")).isEqualTo("nothing here");
    }

    @Test
    void everyFindingLiesInItsTextAndNoTwoOverlap() {
        long seed = Long.getLong("tandem.seed", System.nanoTime());
        var random = new Random(seed);
        List<String> pieces = List.of(
                "ana@firma.de",
                "+41 44 668 18 00",
                "4111111111111111",
                "DE89370400440532013000",
                " ",
                ", ",
                "Mr. Smith",
                "www.firma.de",
                "12 ",
                "Main Street",
                "born 3 May 1980",
                "\n",
                "x",
                "81.2.69.142",
                "125-17-4954");
        for (int round = 0; round < 2_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            int end = 0;
            for (PersonalData.Found each : PersonalData.in(text.toString())) {
                assertThat(each.from()).as(text + ", seed " + seed).isGreaterThanOrEqualTo(end);
                assertThat(each.to()).isGreaterThan(each.from()).isLessThanOrEqualTo(text.length());
                end = each.to();
            }
            assertThat(PersonalData.in(PersonalData.masked(text.toString())))
                    .as(text + ", seed " + seed)
                    .noneMatch(each -> each.type().blocks());
        }
    }

    @Test
    void aLongTextTakesTimeInProportion() {
        for (String piece :
                List.of("1 ", "1-", "Aa ", "12 Aa ", "a.", "a@a.", "+1 ", "ab:", "Apt ", "born ", "1 Aa-")) {
            long began = System.nanoTime();
            PersonalData.in(piece.repeat(200_000 / piece.length()));
            assertThat((System.nanoTime() - began) / 1e9).as(piece).isLessThan(10);
        }
    }

    @Test
    void checksSayWhereItStandsAndDoNotShowIt() {
        List<Finding> findings = Checks.of(List.of(
                        example("Write to ana@firma.de", "mail", 3),
                        example("Call +41 44 668 18 00", "Ask Mr. Smith, ben@firma.de", 4),
                        example("Nothing here", "at all", 5)))
                .stream()
                .filter(each -> each.kind() == Finding.Kind.PERSONAL_DATA)
                .toList();

        assertThat(findings)
                .extracting(Finding::message, Finding::serious)
                .containsExactly(
                        tuple("2 examples hold e-mail addresses.", true),
                        tuple("1 example holds telephone numbers.", true),
                        tuple("1 example holds names of persons.", false));
        assertThat(findings.getFirst().cases())
                .extracting(Finding.Case::text, each -> each.places().getFirst().line())
                .containsExactly(tuple("Write to [email]", 3), tuple("Ask Mr. Smith, [email]", 4));
        assertThat(findings.toString()).doesNotContain("firma.de", "668");
    }

    @Test
    void nothingIsLearnedFromItWithoutAReasonThatStandsInTheAuditTrail() {
        List<Example> examples = List.of(
                example("Write to ana@firma.de", "mail", 3), example("See www.firma.de or Mr. Smith", "web", 4));
        Audit audit = Audit.of(Home.at(folder), "default");

        assertThatThrownBy(() -> PersonalDataConsent.NONE.require(examples))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
                    assertThat(failure).hasMessageContaining("e-mail addresses in 1 example (train 3)");
                    assertThat(failure.nextStep()).contains("dataset redact", "--allow-pii");
                });
        PersonalDataConsent.NONE.require(examples.subList(1, 2));
        assertThatThrownBy(() -> PersonalDataConsent.audited(audit, ANA, "queues@1", examples, " "))
                .isInstanceOf(Failure.class);
        assertThat(PersonalDataConsent.audited(audit, ANA, "queues@1", examples.subList(1, 2), "why not")
                        .reason())
                .isEmpty();
        assertThat(audit.entries(ANA)).isEmpty();

        PersonalDataConsent consent =
                PersonalDataConsent.audited(audit, ANA, "queues@1", examples, "They are\ninvented.");
        consent.require(examples);
        assertThat(consent.reason()).contains("They are invented.");
        assertThat(audit.entries(ANA)).singleElement().satisfies(entry -> {
            assertThat(entry.subject()).isEqualTo("queues@1");
            assertThat(entry.found()).isEqualTo("e-mail addresses in 1 example (train 3)");
            assertThat(entry.reason()).isEqualTo("They are invented.");
            assertThat(entry.whole()).isTrue();
        });
        assertThat(audit.entries(Principal.ofUser("ben"))).isEmpty();
    }

    @Test
    void redactingReplacesValuesOrLeavesExamplesOutAndKeepsLabels() {
        List<Example> examples = List.of(
                example("Write to ana@firma.de or ben@firma.de", "post@firma.de", 1),
                example("Another one", "post@firma.de", 2),
                example("More of them", "other", 3),
                example("And the last", "other", 4));

        Redaction replaced = Redaction.of(examples, false);
        assertThat(replaced.examples())
                .extracting(Example::input, Example::output, Example::line)
                .startsWith(tuple("Write to [email] or [email]", "post@firma.de", 1))
                .hasSize(4);
        assertThat(replaced.values()).containsExactly(Map.entry(EMAIL, 2));
        assertThat(replaced.changed()).isEqualTo(1);
        assertThat(replaced.labels()).isEqualTo(1);

        Redaction dropped = Redaction.of(examples, true);
        assertThat(dropped.examples()).extracting(Example::line).containsExactly(2, 3, 4);

        List<Example> texts = List.of(example("Who?", "Call +41 44 668 18 00", 1), example("What?", "Nothing", 2));
        assertThat(Redaction.of(texts, false).examples().getFirst().output()).isEqualTo("Call [phone]");
        PersonalDataConsent.NONE.require(Redaction.of(texts, false).examples());
    }

    @Test
    void passagesBesideAQuestionAreLookedAtAndRedactedWithTheirAnswers() {
        var answered = new Example(
                "Where is the mail sent?",
                "ana@firma.de",
                new Beside.Context("It is sent to ana@firma.de.", List.of("ana@firma.de")),
                "",
                Part.TRAIN,
                1);
        // The number alone is none; with the words before it, it is.
        var called = new Example(
                "Which number?",
                "78 651 450",
                new Beside.Context("Call 78 651 450 now.", List.of("78 651 450")),
                "",
                Part.TRAIN,
                2);
        var triple =
                new Example("Who?", "Nobody.", new Beside.Negatives(List.of("Ask ben@firma.de.")), "", Part.TRAIN, 3);
        List<Example> examples = List.of(answered, called, triple);
        assertThatThrownBy(() -> PersonalDataConsent.NONE.require(examples))
                .hasMessageContaining("e-mail addresses in 2 examples (train 1, train 3)")
                .hasMessageContaining("telephone numbers in 1 example (train 2)");

        Redaction redaction = Redaction.of(examples, false);

        assertThat(redaction.examples())
                .extracting(Example::output, Example::beside)
                .containsExactly(
                        tuple("[email]", new Beside.Context("It is sent to [email].", List.of("[email]"))),
                        tuple("Nobody.", new Beside.Negatives(List.of("Ask [email]."))));
        assertThat(redaction.changed()).isEqualTo(3);
        PersonalDataConsent.NONE.require(redaction.examples());
    }

    private static Example example(String input, String output, int line) {
        return new Example(input, output, "", Part.TRAIN, line);
    }

    private static void finds(PersonalDataType type, String value, String text) {
        assertThat(PersonalData.in(text))
                .as(text)
                .extracting(PersonalData.Found::type, each -> text.substring(each.from(), each.to()))
                .containsExactly(tuple(type, value));
    }

    private static void holdsNothing(String text) {
        assertThat(PersonalData.in(text)).as(text).isEmpty();
    }
}
