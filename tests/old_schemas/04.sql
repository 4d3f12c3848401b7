CREATE INDEX employee_deputy ON employee (deputy_id);
CREATE INDEX vip_caller_employee ON vip_caller (employee_id);
CREATE INDEX account_employee ON account (employee_id);
CREATE INDEX attempt_employee ON attempt (employee_id);
CREATE INDEX call_note_put_through_to ON call_note (put_through_to);
CREATE INDEX note_recipient_employee ON note_recipient (employee_id);
CREATE INDEX notification_employee ON notification (employee_id);
INSERT INTO schema_version (version) VALUES (4);
