-- Who may read: lists of grantees, interned. Rows are added and never changed.
CREATE TABLE access_set (
    id        INTEGER PRIMARY KEY,
    canonical TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE access_grant (
    grantee    TEXT    NOT NULL,
    access_set INTEGER NOT NULL REFERENCES access_set,
    PRIMARY KEY (grantee, access_set)
) STRICT, WITHOUT ROWID;

-- One row for each collection, owner and path, for ever: a document that is gone leaves its row behind, so that a
-- version number is never used twice.
CREATE TABLE document (
    key        INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    collection TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    path       TEXT    NOT NULL,
    file       TEXT    NOT NULL,            -- the path, or for a record the file that holds it
    source     TEXT    NOT NULL,
    access_set INTEGER NOT NULL REFERENCES access_set,
    given      TEXT    NOT NULL,            -- metadata given by the owner, a JSON object of strings
    live       INTEGER NOT NULL DEFAULT 0,  -- the version that is found and read; 0: none
    latest     INTEGER NOT NULL DEFAULT 0,  -- the last version acknowledged
    state      TEXT    NOT NULL CHECK (state IN ('acknowledged', 'ready', 'failed', 'deleted')),
    reason     TEXT,                        -- why it failed
    replaces   INTEGER REFERENCES document, -- its former path, until this one is ready
    UNIQUE (collection, owner, path)
) STRICT;

CREATE INDEX document_by_file ON document (collection, owner, file);
CREATE INDEX document_by_access ON document (collection, access_set) WHERE live > 0;
CREATE INDEX document_unfinished ON document (key) WHERE state = 'acknowledged';
CREATE INDEX document_replaces ON document (replaces) WHERE replaces IS NOT NULL;

-- The live version and the one that is on its way; older ones are dropped when they are replaced.
CREATE TABLE version (
    document     INTEGER NOT NULL REFERENCES document,
    version      INTEGER NOT NULL,
    content_hash BLOB    NOT NULL,          -- SHA-256 of the bytes
    bytes        INTEGER NOT NULL,
    modified     INTEGER NOT NULL,          -- milliseconds since 1970
    title        TEXT,                      -- these three from extraction: NULL until ready
    metadata     TEXT,
    text         TEXT,
    PRIMARY KEY (document, version)
) STRICT;

CREATE INDEX version_by_content ON version (content_hash);

-- Chunks of live versions; spans in code points of the version's text.
CREATE TABLE chunk (
    document      INTEGER NOT NULL REFERENCES document,
    version       INTEGER NOT NULL,
    ordinal       INTEGER NOT NULL,
    span_start    INTEGER NOT NULL,
    span_end      INTEGER NOT NULL,
    section_start INTEGER NOT NULL,
    section_end   INTEGER NOT NULL,
    heading_path  TEXT    NOT NULL,
    page          INTEGER NOT NULL,
    text_hash     BLOB    NOT NULL,         -- SHA-256 of the text that is embedded
    PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX chunk_by_text ON chunk (text_hash);

-- Everything that happened, in order. PUT: acknowledged. READY: text and chunks stand. FAILED: they never will.
CREATE TABLE ledger (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    at           INTEGER NOT NULL,          -- milliseconds since 1970
    collection   TEXT    NOT NULL,
    document     INTEGER NOT NULL REFERENCES document,
    version      INTEGER NOT NULL,
    op           TEXT    NOT NULL CHECK (op IN ('PUT', 'READY', 'FAILED', 'DELETE', 'ACCESS')),
    content_hash BLOB,
    access_set   INTEGER NOT NULL REFERENCES access_set
) STRICT;

CREATE INDEX ledger_by_collection ON ledger (collection, seq);

CREATE TABLE encoder (
    id         INTEGER PRIMARY KEY,
    hash       TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    dimensions INTEGER NOT NULL
) STRICT;

-- What was ever embedded: float32, little endian.
CREATE TABLE vector (
    encoder   INTEGER NOT NULL REFERENCES encoder,
    text_hash BLOB    NOT NULL,
    vector    BLOB    NOT NULL,
    PRIMARY KEY (encoder, text_hash)
) STRICT;

-- How a file looked when it was last read whole, so that it need not be read again to see that it did not change.
CREATE TABLE file (
    collection TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    path       TEXT    NOT NULL,
    bytes      INTEGER NOT NULL,
    modified   INTEGER NOT NULL,            -- nanoseconds since 1970
    PRIMARY KEY (collection, owner, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
