-- What a failure speaks of, who may report a delivery, and what a person had sent again.
ALTER TABLE notification ADD COLUMN report_token TEXT DEFAULT '' NOT NULL;
ALTER TABLE notification ADD COLUMN again_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE notification ADD COLUMN is_copy BOOLEAN DEFAULT FALSE NOT NULL;
CREATE INDEX notification_report ON notification (report_token) WHERE report_token <> '';
CREATE INDEX notification_stuck ON notification (created_at) WHERE state IN ('failed', 'uncertain');
ALTER TABLE delivery_attempt ADD COLUMN about TEXT DEFAULT 'message' NOT NULL
    CONSTRAINT delivery_attempt_about CHECK (about IN ('address', 'message', 'server'));
ALTER TABLE call_note ADD COLUMN sms_off BOOLEAN DEFAULT FALSE NOT NULL;

UPDATE schema_version SET version = 13;
