package dev.tandem.behavior.worth;

import dev.tandem.catalog.AdapterEntry;
import dev.tandem.catalog.DatasetVersion;
import dev.tandem.domain.Example;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Part;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What an adapter may be measured on again: the test examples that its dataset has by now, less what it learned from. */
public final class Unseen {

    private Unseen() {}

    /**
     * Those.
     *
     * @param learned the examples of the dataset as it was when the adapter learned from it
     * @param newest the dataset as it is
     * @param examples of that
     * @throws Failure INVALID where there are none
     */
    public static List<Example> of(
            AdapterEntry adapter, List<Example> learned, DatasetVersion newest, List<Example> examples) {
        Set<String> known = new HashSet<>();
        learned.stream().filter(each -> each.part() != Part.TEST).forEach(each -> known.add(each.input()));
        List<Example> unseen = examples.stream()
                .filter(each -> each.part() == Part.TEST && !known.contains(each.input()))
                .toList();
        if (unseen.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The dataset " + newest.reference() + " has no test example that " + adapter.reference()
                            + " did not learn from.",
                    "Import examples to measure on: tandem dataset import.");
        }
        return unseen;
    }
}
