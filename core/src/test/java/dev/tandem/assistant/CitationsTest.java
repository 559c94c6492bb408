package dev.tandem.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Citation;
import dev.tandem.domain.DocumentRef;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

class CitationsTest {

    private static final String TEXT = "𝔸 clef 𝄞 stands first. The price is 40 €.";

    private final Library library = new Library().with("song", TEXT, AccessSet.parse("user:ana"));
    private final Citations citations = new Citations(library);

    private Citation citing(int start, int end, String quote) {
        return new Citation(1, library.document("song"), 0, new Span(start, end), quote);
    }

    @Test
    void aQuoteStandsOnlyAtItsVerySpanCountedInCodePoints() {
        assertThat(citations.stands(Library.ANA, citing(7, 8, "𝄞"))).isTrue();
        assertThat(citations.stands(Library.ANA, citing(8, 9, "𝄞"))).isFalse();
        assertThat(citations.stands(Library.ANA, citing(7, 9, "𝄞"))).isFalse();
        assertThat(citations.stands(Library.ANA, citing(23, 41, "The price is 40 €.")))
                .isTrue();
        assertThat(citations.stands(Library.ANA, citing(23, 41, "The price is 50 €.")))
                .isFalse();
    }

    @Test
    void aSpanPastTheEndOrAnEmptyQuoteDoesNotStand() {
        assertThat(citations.stands(Library.ANA, citing(23, 42, "The price is 40 €.\n")))
                .isFalse();
        assertThat(citations.stands(Library.ANA, citing(900, 905, "price"))).isFalse();
        assertThat(citations.stands(Library.ANA, citing(3, 3, ""))).isFalse();
    }

    @Test
    void nothingStandsForWhoMayNotReadNorForAnotherVersionOrDocument() {
        Citation good = citing(7, 8, "𝄞");
        assertThat(citations.stands(Principal.ofUser("bob"), good)).isFalse();

        library.with("song", TEXT + " More.", AccessSet.parse("user:ana"));
        assertThat(citations.stands(Library.ANA, good)).isFalse();
        assertThat(citations.stands(Library.ANA, citing(7, 8, "𝄞"))).isTrue();

        DocumentRef old = good.document();
        var unknown = new DocumentRef(
                "other", 1, old.collection(), old.title(), old.path(), old.source(), old.modified(), old.metadata());
        assertThat(citations.stands(Library.ANA, new Citation(1, unknown, 0, new Span(7, 8), "𝄞")))
                .isFalse();
    }

    @Test
    void standingKeepsOrderAndNumbersOfThoseThatStand() {
        Citation first = citing(7, 8, "𝄞");
        var wrong = new Citation(2, library.document("song"), 0, new Span(0, 1), "𝄞");
        var last = new Citation(3, library.document("song"), 0, new Span(0, 1), "𝔸");
        assertThat(citations.standing(Library.ANA, List.of(first, wrong, last))).containsExactly(first, last);
    }
}
