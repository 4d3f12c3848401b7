-- What a very large change replaced, in parts: nothing is held up by a single value of ten megabytes.

CREATE TABLE undo_part (
    step_id      TEXT NOT NULL REFERENCES undo_step (id) ON DELETE CASCADE,
    place        INTEGER NOT NULL,
    diff         JSON NOT NULL,
    PRIMARY KEY (step_id, place)
);

UPDATE schema_version SET version = 24;
