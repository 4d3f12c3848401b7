-- A long SMS goes out in two parts, and each is paid for.
ALTER TABLE sms_usage ADD COLUMN parts INTEGER DEFAULT 1 NOT NULL;

UPDATE schema_version SET version = 12;
