-- What rounds and erasures look for, where until now they read whole tables with the writer's turn in their hands.
CREATE INDEX call_note_created ON call_note (created_at);
CREATE INDEX notification_customer ON notification (customer_id);
CREATE INDEX notification_unemptied ON notification (finished_at) WHERE address <> '';
CREATE INDEX appointment_end ON appointment (end_local);
CREATE INDEX calendar_event_end ON calendar_event (end_local);
CREATE INDEX session_viewed ON session (viewed_id);
CREATE INDEX call_customer_live ON call (customer_id) WHERE ended_at IS NULL;
CREATE INDEX access_log_login ON access_log (login);
CREATE INDEX access_log_done_by ON access_log (done_by);
CREATE INDEX company_change_customer ON company_change (customer_id);

UPDATE schema_version SET version = 37;
