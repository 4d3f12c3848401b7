-- Picked up, by somebody or by a mailbox, and the agent went back alone: not declined.
ALTER TABLE attempt DROP CONSTRAINT attempt_result;
ALTER TABLE attempt ADD CONSTRAINT attempt_result
    CHECK (result IN ('joined', 'answered', 'declined', 'busy', 'no_answer', 'unreachable', 'cancelled', 'refused', 'unknown'));
UPDATE schema_version SET version = 19;
