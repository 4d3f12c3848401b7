CREATE INDEX call_agent ON call (agent_id, arrived_at);
CREATE INDEX call_note_agent ON call_note (agent_id, created_at);
CREATE TABLE company_change (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    at           TIMESTAMP WITH TIME ZONE NOT NULL,
    news         JSON NOT NULL
);
CREATE INDEX company_change_at ON company_change (at);
INSERT INTO schema_version (version) VALUES (5);
