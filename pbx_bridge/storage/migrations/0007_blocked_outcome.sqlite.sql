-- SQLite cannot change a CHECK. Copying the table would delete every note with it, so the text of the table is changed where it
-- stands, as https://www.sqlite.org/lang_altertable.html (section 7) allows for a CHECK that becomes wider. The new table of
-- 0007_blocked_callers.sql makes other connections read the schema again.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''abandoned'', ''lost'')', '''abandoned'', ''lost'', ''blocked'')')
    WHERE type = 'table' AND name = 'call';
PRAGMA writable_schema = RESET;
