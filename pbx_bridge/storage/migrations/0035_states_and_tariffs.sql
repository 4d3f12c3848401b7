-- A company is set up, live, suspended or ended by somebody's decision; tariffs are retired; a company gets another one from a day on.
ALTER TABLE customer ADD COLUMN service TEXT DEFAULT 'live' NOT NULL
    CONSTRAINT customer_service CHECK (service IN ('set_up', 'live', 'suspended', 'ending', 'ended'));
ALTER TABLE customer ADD COLUMN service_since TIMESTAMP WITH TIME ZONE;
CREATE INDEX customer_tariff ON customer (tariff_id);
CREATE INDEX customer_leaving ON customer (service) WHERE service IN ('ending', 'ended');

ALTER TABLE tariff ADD COLUMN retired BOOLEAN DEFAULT FALSE NOT NULL;

CREATE TABLE coming_tariff (
    customer_id  TEXT NOT NULL PRIMARY KEY REFERENCES customer (id) ON DELETE CASCADE,
    first_day    TEXT NOT NULL,
    tariff_id    TEXT NOT NULL REFERENCES tariff (id)
);
CREATE INDEX coming_tariff_tariff ON coming_tariff (tariff_id);

-- An operator looks at the portal of a company in their own session.
ALTER TABLE session ADD COLUMN viewed_id TEXT REFERENCES customer (id) ON DELETE SET NULL;

UPDATE schema_version SET version = 35;
