package dev.tandem.evidence.compare;

import dev.tandem.catalog.CatalogWriter;
import dev.tandem.catalog.ComparisonWriter;
import dev.tandem.catalog.Home;
import dev.tandem.catalog.HomeLock;
import dev.tandem.domain.Principal;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The journal in a tenant's catalog.
 *
 * @param home whose lock is taken for each write; or
 * @param writer that is held open by somebody else
 */
record CatalogJournal(@Nullable Home home, @Nullable CatalogWriter writer, Principal owner) implements Journal {

    @Override
    public void open(String id, String identity, Set<Long> datasets) {
        write(all -> all.open(owner.user(), id, identity, datasets));
    }

    @Override
    public SortedMap<Integer, String> kept(String id, String arm) {
        return with(all -> all.outcomes(owner.user(), id, arm));
    }

    @Override
    public void append(String id, String arm, SortedMap<Integer, String> outcomes) {
        write(all -> all.append(owner.user(), id, arm, outcomes));
    }

    @Override
    public void finish(String id, String report) {
        write(all -> all.finish(owner.user(), id, report));
    }

    private void write(Consumer<ComparisonWriter> work) {
        with(all -> {
            work.accept(all);
            return true;
        });
    }

    private <T> T with(Function<ComparisonWriter, T> work) {
        if (writer != null) {
            return work.apply(writer.comparisons());
        }
        if (home == null) {
            throw new IllegalStateException("a journal needs a home or a catalog");
        }
        try (HomeLock lock = home.lock();
                CatalogWriter mine = CatalogWriter.open(lock, owner.tenant())) {
            return work.apply(mine.comparisons());
        }
    }
}
