-- What anybody looks at: those of a week.
UPDATE call SET untold = TRUE
WHERE arrived_at >= CURRENT_TIMESTAMP - INTERVAL '8 days' AND outcome = 'noted'
    AND EXISTS (SELECT 1 FROM call_note WHERE call_note.call_id = call.id)
    AND NOT EXISTS (SELECT 1 FROM call_note JOIN notification ON notification.note_id = call_note.id WHERE call_note.call_id = call.id);
