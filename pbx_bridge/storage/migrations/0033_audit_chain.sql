-- The access log becomes a chain of hashes. Places are given here; SQLite knows no SHA-256, so `db upgrade` reckons the hashes of older
-- entries right after this, in the same transaction.
ALTER TABLE access_log ADD COLUMN place BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE access_log ADD COLUMN salt TEXT DEFAULT '' NOT NULL;
ALTER TABLE access_log ADD COLUMN content_hash TEXT DEFAULT '' NOT NULL;
ALTER TABLE access_log ADD COLUMN previous_hash TEXT DEFAULT '' NOT NULL;
ALTER TABLE access_log ADD COLUMN own_hash TEXT DEFAULT '' NOT NULL;
UPDATE access_log SET place = numbered.place
FROM (SELECT id, row_number() OVER (ORDER BY at, id) AS place FROM access_log) AS numbered
WHERE numbered.id = access_log.id;
CREATE UNIQUE INDEX access_log_place ON access_log (place);

CREATE TABLE audit_head (
    id          INTEGER NOT NULL PRIMARY KEY CONSTRAINT audit_head_one_row CHECK (id = 1),
    place       BIGINT DEFAULT 0 NOT NULL,
    hash        TEXT DEFAULT '' NOT NULL,
    checked_at  TIMESTAMP WITH TIME ZONE,
    breach      TEXT DEFAULT '' NOT NULL,
    broken      BIGINT DEFAULT 0 NOT NULL
);
INSERT INTO audit_head (id) VALUES (1);

UPDATE schema_version SET version = 33;
