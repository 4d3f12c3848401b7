-- A company that has ended keeps its last day when it is taken up again, and one that is signed has a first day. Those that are there
-- pay for their first month as it was written to them: they get no first day.
CREATE TABLE contract_gap (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    since        TIMESTAMP WITH TIME ZONE,
    until        TIMESTAMP WITH TIME ZONE
);
CREATE INDEX contract_gap_customer ON contract_gap (customer_id);
INSERT INTO contract_gap (id, customer_id, since)
    SELECT id, id, service_since FROM customer WHERE service = 'ended' AND service_since IS NOT NULL;

UPDATE schema_version SET version = 44;
