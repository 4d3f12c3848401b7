-- Of what the operator was told by mail or SMS, so that a restart tells nothing twice and forgets no all-clear.

CREATE TABLE alarm (
    id        TEXT NOT NULL PRIMARY KEY,
    cause     TEXT NOT NULL,
    since     TIMESTAMP WITH TIME ZONE NOT NULL,
    first_at  TIMESTAMP WITH TIME ZONE NOT NULL,
    told_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    told_by   TEXT NOT NULL CONSTRAINT alarm_told_by CHECK (told_by IN ('email', 'sms')),
    gone_at   TIMESTAMP WITH TIME ZONE,
    over_at   TIMESTAMP WITH TIME ZONE
);
CREATE INDEX alarm_first ON alarm (first_at);

UPDATE schema_version SET version = 36;
