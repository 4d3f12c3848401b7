CREATE TABLE undo_step (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    account_id   TEXT REFERENCES account (id) ON DELETE SET NULL,
    deed         TEXT NOT NULL,
    at           TIMESTAMP WITH TIME ZONE NOT NULL,
    diff         JSON NOT NULL,
    undone       BOOLEAN DEFAULT FALSE NOT NULL
);
CREATE INDEX undo_step_customer ON undo_step (customer_id, at);
CREATE TABLE invitation (
    token_hash  TEXT NOT NULL PRIMARY KEY,
    account_id  TEXT NOT NULL UNIQUE REFERENCES account (id) ON DELETE CASCADE,
    expires_at  TIMESTAMP WITH TIME ZONE NOT NULL
);
INSERT INTO schema_version (version) VALUES (2);
