package dev.tandem.behavior.passages;

import java.util.List;

/** Finds passages near a question, the nearest first, in what the asker may read. */
@FunctionalInterface
public interface PassageIndex {

    /** Nothing is at hand but the dataset. */
    PassageIndex NONE = _ -> List.of();

    List<String> near(String question);
}
