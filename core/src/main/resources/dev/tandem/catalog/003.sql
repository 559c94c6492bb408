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
