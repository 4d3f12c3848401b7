-- Agents' telephones that the service gives out: they stand in Asterisk's own database.

CREATE TABLE agent_phone (
    agent_id  TEXT NOT NULL PRIMARY KEY REFERENCES agent (id) ON DELETE CASCADE,
    digest    TEXT NOT NULL,
    given_at  TIMESTAMP WITH TIME ZONE NOT NULL
);

UPDATE schema_version SET version = 29;
