-- Encoders that a collection has vectors of. The live one answers its questions: changing that is the switch.
CREATE TABLE collection_encoder (
    collection TEXT    NOT NULL,
    hash       TEXT    NOT NULL,            -- of the encoder
    name       TEXT    NOT NULL,
    dimensions INTEGER NOT NULL,
    max_tokens INTEGER NOT NULL,
    reference  TEXT    NOT NULL,            -- how it is opened, as in the setting 'encoder'
    key        TEXT    NOT NULL,            -- where its key is found, never the key itself
    price      TEXT    NOT NULL,            -- US dollars for a million tokens, empty where not known
    use        TEXT    NOT NULL CHECK (use IN ('live', 'former', 'filling')),
    changed    INTEGER NOT NULL,            -- the higher, the later
    PRIMARY KEY (collection, hash)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX collection_encoder_live ON collection_encoder (collection) WHERE use = 'live';

-- Places beyond this machine's files that documents come from again and again.
CREATE TABLE source (
    key        INTEGER PRIMARY KEY,
    collection TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    name       TEXT    NOT NULL,            -- its URL, or what its owner calls it
    kind       TEXT    NOT NULL CHECK (kind IN ('web', 'jdbc')),
    definition TEXT    NOT NULL,            -- a JSON object of strings; of credentials only where they are found
    access     TEXT,                        -- who may read what comes from it; NULL: its owner only
    given      TEXT    NOT NULL,            -- metadata for each document, a JSON object of strings
    every      INTEGER NOT NULL,            -- seconds between two visits; 0: only when asked
    due        INTEGER NOT NULL,            -- milliseconds since 1970
    visited    INTEGER NOT NULL DEFAULT 0,  -- when it was last read to its end, milliseconds since 1970
    watermark  TEXT    NOT NULL DEFAULT '', -- how far it was read then, in its own words
    failure    TEXT,                        -- why the last visit failed
    UNIQUE (collection, owner, name)
) STRICT;

-- What was found at the last visit, and by what a change of it is seen.
CREATE TABLE source_item (
    source INTEGER NOT NULL REFERENCES source,
    path   TEXT    NOT NULL,
    mark   TEXT    NOT NULL,
    PRIMARY KEY (source, path)
) STRICT, WITHOUT ROWID;

CREATE INDEX source_item_by_path ON source_item (path);

-- Collections of which no text, and no question to which, is sent to another machine; and who said so.
CREATE TABLE local_only (
    collection TEXT    NOT NULL PRIMARY KEY,
    owner      TEXT    NOT NULL,
    at         INTEGER NOT NULL             -- milliseconds since 1970
) STRICT, WITHOUT ROWID;

-- What was taken out of a version's text because no reader sees it: characters by kind, 'html=120 zero-width=4'.
ALTER TABLE version ADD COLUMN hidden TEXT NOT NULL DEFAULT '';

-- By the rules of which language a version's words are analysed (ISO 639-1), and which ones an encoder knows: codes in
-- alphabetical order between commas, empty for all.
ALTER TABLE version ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
ALTER TABLE collection_encoder ADD COLUMN languages TEXT NOT NULL DEFAULT '';
