-- One row for each store that writes, with the number of its last batch of changes.
CREATE TABLE flowscript_writer (
    owner TEXT NOT NULL,
    batch INTEGER NOT NULL
);

CREATE TABLE flowscript_definition (
    hash TEXT NOT NULL PRIMARY KEY,
    document BLOB NOT NULL
);

-- The number is a key of the rows alone. The column started has the place in the order in which executions were started,
-- due_at when the engine has something to do without a command, in milliseconds, 0 for at once, and ended_at the end, in
-- milliseconds. The column ended_bytes has the size of all that is kept then. An index covers only columns that most steps do not change.
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
    apart INTEGER NOT NULL,
    started INTEGER NOT NULL,
    due_at INTEGER,
    ended_at INTEGER,
    ended_bytes INTEGER,
    bytes INTEGER NOT NULL
);

CREATE INDEX flowscript_execution_started ON flowscript_execution (started);

CREATE INDEX flowscript_execution_unfinished ON flowscript_execution (started) WHERE ended_at IS NULL;

CREATE INDEX flowscript_execution_due ON flowscript_execution (due_at, started) WHERE due_at IS NOT NULL;

CREATE INDEX flowscript_execution_ended ON flowscript_execution (ended_at, ended_bytes) WHERE ended_at IS NOT NULL;

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

-- By what interactions are found. An interaction with a question has one row for its state (its status, and whether nobody has
-- seen it) and one for its workflow, each person and group that it is assigned to or that it is for anybody, each person that
-- it excludes, and who has claimed it. The key is a hash of what the row is for and of whether the interaction is open. So a row
-- has no name and nothing that a person is shown; the interaction is in the snapshot of its execution. Times are in
-- microseconds. The column tie is a hash of the ids of execution and interaction. The deadline is the greatest number for none.
CREATE TABLE flowscript_interaction (
    key INTEGER NOT NULL,
    requested INTEGER NOT NULL,
    tie INTEGER NOT NULL,
    execution INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    status INTEGER NOT NULL,
    unseen INTEGER NOT NULL,
    PRIMARY KEY (key, requested, tie, execution)
) WITHOUT ROWID;

CREATE INDEX flowscript_interaction_deadline ON flowscript_interaction (key, deadline, requested, tie);

CREATE INDEX flowscript_interaction_execution ON flowscript_interaction (execution);
