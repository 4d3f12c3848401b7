-- Whatever follows changes reads only what is newer; lines are found by company; the day's figures come from the index alone.
CREATE INDEX customer_version ON customer (version);
CREATE INDEX line_customer ON line (customer_id);
DROP INDEX call_arrived;
CREATE INDEX call_day ON call (arrived_at, outcome, answered_at, ended_at, customer_id);

UPDATE schema_version SET version = 14;
