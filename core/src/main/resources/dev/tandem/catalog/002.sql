-- Datasets: examples under a name, every state of them a version known by its content.
CREATE TABLE dataset (
    key        INTEGER PRIMARY KEY,
    owner      TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    access_set INTEGER NOT NULL REFERENCES access_set,
    latest     INTEGER NOT NULL DEFAULT 0,  -- the version imported last, which need not be the newest
    UNIQUE (owner, name)
) STRICT;

-- Documents that a dataset was made from: who may not read one of them may not read the dataset.
CREATE TABLE dataset_source (
    dataset  INTEGER NOT NULL REFERENCES dataset,
    document INTEGER NOT NULL REFERENCES document,
    PRIMARY KEY (dataset, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE dataset_version (
    dataset  INTEGER NOT NULL REFERENCES dataset,
    version  INTEGER NOT NULL,
    hash     TEXT    NOT NULL,              -- SHA-256 over its examples, in hex
    at       INTEGER NOT NULL,              -- milliseconds since 1970
    files    TEXT    NOT NULL,              -- names of the files it came from, a JSON array
    format   TEXT    NOT NULL,
    rejected INTEGER NOT NULL,              -- rows of the files that are no examples
    train      INTEGER NOT NULL,            -- examples of each part
    validation INTEGER NOT NULL,
    test       INTEGER NOT NULL,
    PRIMARY KEY (dataset, version),
    UNIQUE (dataset, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE example (
    dataset   INTEGER NOT NULL,
    version   INTEGER NOT NULL,
    ordinal   INTEGER NOT NULL,           -- in the order of their hashes, from 0
    part      TEXT    NOT NULL CHECK (part IN ('train', 'validation', 'test')),
    input     TEXT    NOT NULL,
    output    TEXT    NOT NULL,
    family    TEXT    NOT NULL,             -- examples of one family stand in one part; empty: a family of its own
    line      INTEGER NOT NULL,             -- of the file, from 1
    text_hash BLOB    NOT NULL,             -- SHA-256 of the input, by which its vector is kept
    PRIMARY KEY (dataset, version, ordinal),
    FOREIGN KEY (dataset, version) REFERENCES dataset_version
) STRICT, WITHOUT ROWID;

CREATE INDEX example_by_text ON example (text_hash);

-- What training made, or failed to make.
CREATE TABLE adapter (
    key      INTEGER PRIMARY KEY,
    owner    TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    hash     TEXT,                          -- SHA-256 over its files, in hex; NULL where training failed
    dataset  INTEGER NOT NULL REFERENCES dataset,
    version  INTEGER NOT NULL,              -- of the dataset
    kind     TEXT    NOT NULL,
    task     TEXT    NOT NULL,
    base     TEXT    NOT NULL,              -- name of the base model
    base_hash TEXT   NOT NULL,
    settings TEXT    NOT NULL,              -- a JSON object
    figures  TEXT    NOT NULL,              -- a JSON object
    card     TEXT    NOT NULL,              -- Markdown
    files    TEXT    NOT NULL,              -- SHA-256 of each file by name, a JSON object
    state    TEXT    NOT NULL CHECK (state IN ('registered', 'failed', 'removed')),
    reason   TEXT,                          -- why it failed
    at       INTEGER NOT NULL               -- milliseconds since 1970
) STRICT;

CREATE INDEX adapter_by_name ON adapter (owner, name);
CREATE INDEX adapter_by_hash ON adapter (hash);

CREATE TABLE alias (
    owner   TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    alias   TEXT    NOT NULL,
    adapter INTEGER NOT NULL REFERENCES adapter,
    PRIMARY KEY (owner, name, alias)
) STRICT, WITHOUT ROWID;

-- Every move of an alias, in order; going back is a move like any other.
CREATE TABLE alias_move (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,               -- milliseconds since 1970
    owner   TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    alias   TEXT    NOT NULL,
    op      TEXT    NOT NULL CHECK (op IN ('PROMOTE', 'ROLLBACK')),
    adapter INTEGER NOT NULL REFERENCES adapter
) STRICT;

-- Arms measured on a suite. What makes two comparisons the same stands in 'identity'; started again, it goes on.
CREATE TABLE comparison (
    key      INTEGER PRIMARY KEY,
    id       TEXT    NOT NULL,              -- the first digits of the SHA-256 over the identity
    owner    TEXT    NOT NULL,
    identity TEXT    NOT NULL,              -- a JSON object
    at       INTEGER NOT NULL,              -- milliseconds since 1970
    report   TEXT,                          -- a JSON object; NULL until it is finished
    UNIQUE (owner, id)
) STRICT;

CREATE TABLE outcome (
    comparison INTEGER NOT NULL REFERENCES comparison,
    arm        TEXT    NOT NULL,
    ordinal    INTEGER NOT NULL,            -- of the case in the suite
    outcome    TEXT    NOT NULL,            -- a JSON object
    PRIMARY KEY (comparison, arm, ordinal)
) STRICT, WITHOUT ROWID;

-- A comparison shows texts of what its arms were made from: who may not read one of them may not read it.
CREATE TABLE comparison_dataset (
    comparison INTEGER NOT NULL REFERENCES comparison,
    dataset    INTEGER NOT NULL REFERENCES dataset,
    PRIMARY KEY (comparison, dataset)
) STRICT, WITHOUT ROWID;
