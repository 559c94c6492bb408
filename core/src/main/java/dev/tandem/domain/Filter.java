package dev.tandem.domain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What hits must satisfy besides the asker's access: a typed tree with bound values, never a string. */
public sealed interface Filter {

    /** Nothing is asked. */
    record Everything() implements Filter {}

    /**
     * The metadata value of a key is this one. The keys {@code source}, {@code title}, {@code path} and
     * {@code document} (its id) are there for every document.
     */
    record Equals(String key, String value) implements Filter {}

    /** Modified at or after {@code from} and before {@code to}; either may be open. */
    record Modified(@Nullable Instant from, @Nullable Instant to) implements Filter {}

    record All(List<Filter> filters) implements Filter {
        public All {
            filters = List.copyOf(filters);
        }
    }

    static Filter everything() {
        return new Everything();
    }
}
