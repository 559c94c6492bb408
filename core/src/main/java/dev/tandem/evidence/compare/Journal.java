package dev.tandem.evidence.compare;

import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.Home;
import dev.tandem.domain.Principal;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where outcomes are kept as soon as they are known, so that a comparison that was stopped goes on where it was. */
public interface Journal {

    /**
     * Begins a comparison, or goes on with it; nothing happens where it is there already.
     *
     * @param identity what makes two comparisons the same
     * @param datasets keys of the datasets that its arms were made from; who may not read one may not read it
     */
    void open(String id, String identity, Set<Long> datasets);

    /** What was kept of an arm, by the case's number in the suite. */
    SortedMap<Integer, String> kept(String id, String arm);

    /** When this returns, they are on disk. */
    void append(String id, String arm, SortedMap<Integer, String> outcomes);

    /** The comparison's report as JSON; a later one takes its place. */
    void finish(String id, String report);

    /** In the owner's catalog; holds the home's lock only while it writes, so that other commands get their turn. */
    static Journal in(Home home, Principal owner) {
        return new CatalogJournal(home, null, owner);
    }

    /** In the owner's catalog, for whoever holds it open for writing. */
    static Journal in(CatalogWriter catalog, Principal owner) {
        return new CatalogJournal(null, catalog, owner);
    }

    /**
     * The same, but that {@code check} is run before anything is kept: it throws where what the arms answer from is no longer
     * what it was when the comparison began, so that outcomes of two states never stand in one report.
     */
    static Journal guarded(Journal journal, Runnable check) {
        return new Journal() {
            @Override
            public void open(String id, String identity, Set<Long> datasets) {
                journal.open(id, identity, datasets);
            }

            @Override
            public SortedMap<Integer, String> kept(String id, String arm) {
                return journal.kept(id, arm);
            }

            @Override
            public void append(String id, String arm, SortedMap<Integer, String> outcomes) {
                check.run();
                journal.append(id, arm, outcomes);
            }

            @Override
            public void finish(String id, String report) {
                check.run();
                journal.finish(id, report);
            }
        };
    }

    /** Gone with the program. */
    static Journal inMemory() {
        var arms = new TreeMap<String, SortedMap<Integer, String>>();
        return new Journal() {
            @Override
            public void open(String id, String identity, Set<Long> datasets) {}

            @Override
            public SortedMap<Integer, String> kept(String id, String arm) {
                return new TreeMap<>(arms.getOrDefault(id + arm, new TreeMap<>()));
            }

            @Override
            public void append(String id, String arm, SortedMap<Integer, String> outcomes) {
                arms.computeIfAbsent(id + arm, any -> new TreeMap<>()).putAll(outcomes);
            }

            @Override
            public void finish(String id, String report) {}
        };
    }
}
