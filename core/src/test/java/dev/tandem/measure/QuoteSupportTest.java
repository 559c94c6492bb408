package dev.tandem.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of a statement stands in its quote. */
class QuoteSupportTest {

    private static final String QUOTE = "Requests are answered within 3 days. Parcels over 1,500 kg are not insured.";

    private static QuoteSupport of(String statement) {
        return QuoteSupport.of(statement, List.of(QUOTE));
    }

    @Test
    void wordsAreAlignedInWhateverEnding() {
        assertThat(of("The request is answered within 3 days").aligned()).isEqualTo(1);
        assertThat(of("A parcel is insured").aligned()).isEqualTo(1);
        assertThat(of("Complaints are answered within 3 days").aligned()).isCloseTo(4 / 5.0, within(1e-9));
        assertThat(of("Bananas ripen slowly").aligned()).isZero();
    }

    @Test
    void aNumberThatTheQuoteDoesNotHaveIsSeenHoweverItIsWritten() {
        assertThat(of("answered within 3 days").numbers()).isTrue();
        assertThat(of("answered within 4 days").numbers()).isFalse();
        assertThat(of("answered within 3.5 days").numbers()).isFalse();
        assertThat(of("over 1500 kg").numbers()).isTrue();
        assertThat(of("over 1,500 kg").numbers()).isTrue();
        assertThat(of("over 150 kg").numbers()).isFalse();
        assertThat(of("over 150 kg").aligned()).isEqualTo(.5);
    }

    @Test
    void aDenialIsHeldAgainstTheSentenceThatIsMeant() {
        assertThat(of("Parcels over 1,500 kg are insured").negation()).isFalse();
        assertThat(of("Parcels over 1,500 kg aren't insured").negation()).isTrue();
        assertThat(of("Requests are answered within 3 days").negation()).isTrue();
        assertThat(of("Requests are never answered within 3 days").negation()).isFalse();
        assertThat(QuoteSupport.of("Die Probe wird verworfen.", List.of("Die Probe wird nicht verworfen."))
                        .negation())
                .isFalse();
    }

    @Test
    void severalQuotesCarryAStatementTogether() {
        var support = QuoteSupport.of(
                "Berlin has 12 districts, Hamburg 7", List.of("Berlin has 12 districts.", "Hamburg has seven: 7."));
        assertThat(support).isEqualTo(new QuoteSupport(1, true, true));
    }

    @Test
    void whatSaysNothingIsCarriedByEverythingAndNothingCarriesNoWord() {
        assertThat(of("It is so.")).isEqualTo(new QuoteSupport(1, true, true));
        assertThat(QuoteSupport.of("Parcels are insured.", List.of())).isEqualTo(new QuoteSupport(0, true, true));
    }
}
