package dev.tandem.domain;

import java.util.List;

/** Best first, at most query.limit(), nothing the asker may not read. */
public interface Searcher {
    List<Hit> search(Query query);
}
