package dev.tandem.behavior.passages;

import dev.tandem.behavior.dataset.PersonalDataConsent;
import dev.tandem.behavior.worth.Conditions;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.domain.Example;
import dev.tandem.domain.Principal;
import java.util.List;

/**
 * What is to be tuned, and on what.
 *
 * @param name of the adapter
 * @param dataset of questions with passages
 * @param examples of the dataset
 * @param conditions what it is held against besides its test examples
 * @param consent to learn from personal data
 */
public record PassageRequest(
        Principal owner,
        String name,
        DatasetVersion dataset,
        List<Example> examples,
        Conditions conditions,
        PersonalDataConsent consent) {
    public PassageRequest {
        examples = List.copyOf(examples);
    }
}
