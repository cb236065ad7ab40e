CREATE TABLE documents (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    -- The place of the log's last record. It stands apart from the records, so that a lost end is noticed.
    last INTEGER NOT NULL
) STRICT;

-- Who wrote. A number takes less room in each record than the name would; 0 stands for the empty name.
CREATE TABLE authors (
    document INTEGER NOT NULL REFERENCES documents,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (document, number),
    UNIQUE (document, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE records (
    document INTEGER NOT NULL REFERENCES documents,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    author INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    "update" BLOB NOT NULL,
    PRIMARY KEY (document, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
    document INTEGER NOT NULL REFERENCES documents,
    upto INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (document, upto)
) STRICT, WITHOUT ROWID;
