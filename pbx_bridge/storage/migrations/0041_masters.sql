-- The house's own numbers: which of them companies share, since when each is as it is, and its last call. Until now one of nobody
-- might have been shared wherever companies have numbers of their own. And the way back of what belongs to no company.
ALTER TABLE line ADD COLUMN shared BOOLEAN DEFAULT FALSE NOT NULL;
ALTER TABLE line ADD COLUMN since TIMESTAMP WITH TIME ZONE;
UPDATE line SET shared = TRUE WHERE customer_id IS NULL AND EXISTS (SELECT 1 FROM public_number);
CREATE INDEX line_since ON line (since);
CREATE INDEX call_line ON call (line_number, arrived_at);

CREATE TABLE house_step (
    id          TEXT NOT NULL PRIMARY KEY,
    account_id  TEXT REFERENCES account (id) ON DELETE SET NULL,
    deed        TEXT NOT NULL,
    told        TEXT DEFAULT '' NOT NULL,
    at          TIMESTAMP WITH TIME ZONE NOT NULL,
    diff        JSON NOT NULL,
    undone      BOOLEAN DEFAULT FALSE NOT NULL
);
CREATE INDEX house_step_account ON house_step (account_id);
CREATE INDEX house_step_at ON house_step (at);

UPDATE schema_version SET version = 41;
