-- Texts of a company that agents put into a note.

CREATE TABLE text_block (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    place        INTEGER NOT NULL,
    name         TEXT NOT NULL,
    text         TEXT NOT NULL
);
CREATE INDEX text_block_customer ON text_block (customer_id, place);

UPDATE schema_version SET version = 23;
