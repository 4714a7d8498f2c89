-- One row: who writes, and the last batch of changes that was written.
CREATE TABLE flowscript_writer (
    owner TEXT NOT NULL,
    batch INTEGER NOT NULL
);

INSERT INTO flowscript_writer (owner, batch) VALUES ('', 0);

CREATE TABLE flowscript_definition (
    hash TEXT NOT NULL PRIMARY KEY,
    document BLOB NOT NULL
);

-- The numbers are in the order in which the executions were started.
CREATE TABLE flowscript_execution (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    workflow_id TEXT NOT NULL,
    definition_hash TEXT NOT NULL,
    status TEXT NOT NULL,
    epoch TEXT NOT NULL,
    last_seq INTEGER NOT NULL,
    last_events INTEGER,
    snapshot BLOB NOT NULL,
    apart INTEGER NOT NULL
);

-- Large values of the state, apart from the snapshot, so that a step writes only those that it changes. The column apart of
-- the execution says how many the snapshot has. The name is a hash of the value's key, since keys may have any length.
CREATE TABLE flowscript_value (
    execution INTEGER NOT NULL,
    name BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (execution, name)
) WITHOUT ROWID;

-- One row for the events of one change. Rows are only appended, and each names the one before it of the same execution. An
-- index by execution would change a page of its own for each execution, which costs more than all else in a batch.
CREATE TABLE flowscript_events (
    number INTEGER NOT NULL PRIMARY KEY,
    execution INTEGER NOT NULL,
    previous INTEGER,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    events BLOB NOT NULL
);

-- The row of flowscript_events with every 256th event of an execution, so that reading from the middle need not follow the rows
-- from the end.
CREATE TABLE flowscript_events_mark (
    execution INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (execution, last_seq)
) WITHOUT ROWID;
