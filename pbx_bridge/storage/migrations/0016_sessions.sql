-- A session belongs to what its account was when it began, and says where it is; browsers that are known are not held up.
-- Who is logged in while this runs logs in again once.
ALTER TABLE session ADD COLUMN holder TEXT DEFAULT '' NOT NULL;
ALTER TABLE session ADD COLUMN device TEXT DEFAULT '' NOT NULL;
ALTER TABLE session ADD COLUMN network TEXT DEFAULT '' NOT NULL;

CREATE TABLE known_device (
    token_hash  TEXT NOT NULL,
    account_id  TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    seen_at     TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (token_hash, account_id)
);
CREATE INDEX known_device_account ON known_device (account_id, seen_at);

UPDATE schema_version SET version = 16;
