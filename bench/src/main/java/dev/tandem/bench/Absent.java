package dev.tandem.bench;

import dev.tandem.assistant.ReaderExample;
import dev.tandem.domain.Hit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Questions that nothing answers because the knowledge is not there, which is how it mostly goes in practice: SQuAD's own
 * unanswerable questions were written to look answerable. Made by leaving out every hit of the article that answers.
 */
final class Absent {

    private Absent() {}

    /** One for every example that still has hits. */
    static List<ReaderExample> of(List<ReaderExample> examples) {
        var absent = new ArrayList<ReaderExample>();
        for (ReaderExample example : examples) {
            Set<String> articles = Set.copyOf(example.hits().stream()
                    .filter(hit -> example.documents().contains(hit.document().id()))
                    .map(hit -> hit.document().title())
                    .toList());
            List<Hit> left = example.hits().stream()
                    .filter(hit -> !articles.contains(hit.document().title()))
                    .toList();
            if (!articles.isEmpty() && !left.isEmpty()) {
                absent.add(new ReaderExample(example.question(), ranked(left), List.of(), Set.of()));
            }
        }
        return absent;
    }

    private static List<Hit> ranked(List<Hit> hits) {
        var ranked = new ArrayList<Hit>();
        for (Hit hit : hits) {
            ranked.add(
                    new Hit(hit.document(), hit.chunk(), ranked.size() + 1, hit.score(), hit.lexical(), hit.dense()));
        }
        return ranked;
    }
}
