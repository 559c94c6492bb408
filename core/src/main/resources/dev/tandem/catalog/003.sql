-- Collections of which no text, and no question to which, is sent to another machine; and who said so.
CREATE TABLE local_only (
    collection TEXT    NOT NULL PRIMARY KEY,
    owner      TEXT    NOT NULL,
    at         INTEGER NOT NULL             -- milliseconds since 1970
) STRICT, WITHOUT ROWID;
