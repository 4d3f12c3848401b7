-- People are told by mail what changes about their log-in.
ALTER TABLE notification DROP CONSTRAINT notification_kind;
ALTER TABLE notification ADD CONSTRAINT notification_kind
    CHECK (kind IN ('short', 'note', 'vip', 'correction', 'invitation', 'password', 'security'));
