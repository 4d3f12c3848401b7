-- Where the mails of an account go, and who did what at the door.
ALTER TABLE account ADD COLUMN email TEXT DEFAULT '' NOT NULL;

CREATE TABLE access_log (
    id          TEXT NOT NULL PRIMARY KEY,
    at          TIMESTAMP WITH TIME ZONE NOT NULL,
    deed        TEXT NOT NULL,
    login       TEXT DEFAULT '' NOT NULL,
    done_by     TEXT DEFAULT '' NOT NULL,
    device      TEXT DEFAULT '' NOT NULL,
    network     TEXT DEFAULT '' NOT NULL
);
CREATE INDEX access_log_at ON access_log (at);

UPDATE schema_version SET version = 17;
