-- Who answers for whom. Whoever answers today answers for confidential companies too, and goes on doing so.

CREATE TABLE team (
    id    TEXT NOT NULL PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE
);

ALTER TABLE customer ADD COLUMN team_id TEXT REFERENCES team (id);
ALTER TABLE customer ADD COLUMN overflow_after INTEGER
    CONSTRAINT customer_overflow CHECK (overflow_after BETWEEN 5 AND 240);
ALTER TABLE customer ADD COLUMN overflow_team_id TEXT REFERENCES team (id);
CREATE INDEX customer_team ON customer (team_id);
CREATE INDEX customer_overflow_team ON customer (overflow_team_id);

ALTER TABLE agent ADD COLUMN bound BOOLEAN DEFAULT FALSE NOT NULL;
UPDATE agent SET bound = TRUE;

CREATE TABLE team_member (
    team_id   TEXT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    agent_id  TEXT NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    PRIMARY KEY (team_id, agent_id)
);
CREATE INDEX team_member_agent ON team_member (agent_id);

CREATE TABLE team_queue (
    number        INTEGER NOT NULL PRIMARY KEY,
    answers       TEXT NOT NULL UNIQUE,
    unused_since  TIMESTAMP WITH TIME ZONE
);

UPDATE schema_version SET version = 30;
