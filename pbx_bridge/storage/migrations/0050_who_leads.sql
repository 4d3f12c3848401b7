-- Of several services for one PBX one leads; the others stand by (PostgreSQL).
CREATE TABLE pbx (
    name         TEXT NOT NULL PRIMARY KEY,
    term         BIGINT DEFAULT 0 NOT NULL,
    holder       TEXT DEFAULT '' NOT NULL,
    lease_until  TIMESTAMP WITH TIME ZONE NOT NULL
);
UPDATE schema_version SET version = 50;
