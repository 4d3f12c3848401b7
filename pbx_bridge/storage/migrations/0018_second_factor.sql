-- A second factor beside the password: codes of a phone (TOTP), and recovery codes for the day on which it is gone.
ALTER TABLE session ADD COLUMN stage TEXT DEFAULT '' NOT NULL;

CREATE TABLE second_factor (
    account_id  TEXT NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    secret      TEXT NOT NULL,
    confirmed   BOOLEAN DEFAULT FALSE NOT NULL,
    last_step   BIGINT DEFAULT 0 NOT NULL,
    created_at  TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE TABLE recovery_code (
    account_id  TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    code_hash   TEXT NOT NULL,
    PRIMARY KEY (account_id, code_hash)
);

UPDATE schema_version SET version = 18;
