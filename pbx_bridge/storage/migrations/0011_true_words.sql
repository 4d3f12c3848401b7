-- What has to be said rightly: whether the caller wants a call back, for whom a deputy was rung, how long an SMS may be.
ALTER TABLE call_note ADD COLUMN callback_wanted BOOLEAN DEFAULT TRUE NOT NULL;
ALTER TABLE attempt ADD COLUMN asked_id TEXT REFERENCES employee (id) ON DELETE SET NULL;
CREATE INDEX attempt_asked ON attempt (asked_id);
ALTER TABLE tariff ADD COLUMN sms_parts INTEGER DEFAULT 1 NOT NULL CONSTRAINT tariff_sms_parts CHECK (sms_parts IN (1, 2));

UPDATE schema_version SET version = 11;
