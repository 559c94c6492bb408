-- How a collection is cut and searched where that was tuned.
CREATE TABLE retrieval (
    collection     TEXT    NOT NULL PRIMARY KEY,
    chunks         TEXT    NOT NULL,            -- 'structure:220'
    lexical_weight REAL    NOT NULL,
    passages       INTEGER NOT NULL,
    reranker       TEXT    NOT NULL,            -- folder of a cross-encoder; empty for none
    at             INTEGER NOT NULL             -- milliseconds since 1970
) STRICT, WITHOUT ROWID;

-- What a version's text is made of, so that it can be cut anew; empty where it was read before this was kept.
ALTER TABLE version ADD COLUMN blocks TEXT NOT NULL DEFAULT '';
