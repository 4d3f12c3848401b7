-- Picked up, by somebody or by a mailbox, and the agent went back alone: not declined.
CREATE TABLE new_attempt (
    id           TEXT NOT NULL PRIMARY KEY,
    call_id      TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    employee_id  TEXT REFERENCES employee (id) ON DELETE SET NULL,
    as_deputy    BOOLEAN DEFAULT FALSE NOT NULL,
    started_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    answered_at  TIMESTAMP WITH TIME ZONE,
    ended_at     TIMESTAMP WITH TIME ZONE,
    result       TEXT CONSTRAINT attempt_result CHECK (result IN ('joined', 'answered', 'declined', 'busy', 'no_answer', 'unreachable', 'cancelled', 'refused', 'unknown')),
    asked_id     TEXT REFERENCES employee (id) ON DELETE SET NULL
);
INSERT INTO new_attempt (id, call_id, employee_id, as_deputy, started_at, answered_at, ended_at, result, asked_id)
    SELECT id, call_id, employee_id, as_deputy, started_at, answered_at, ended_at, result, asked_id FROM attempt;
DROP TABLE attempt;
ALTER TABLE new_attempt RENAME TO attempt;
CREATE INDEX attempt_call ON attempt (call_id);
CREATE INDEX attempt_employee ON attempt (employee_id);
CREATE INDEX attempt_asked ON attempt (asked_id);
UPDATE schema_version SET version = 19;
