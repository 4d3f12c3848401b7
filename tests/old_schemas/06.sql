CREATE TABLE customer (
    id             TEXT NOT NULL PRIMARY KEY,
    name           TEXT NOT NULL UNIQUE,
    spoken_name    TEXT DEFAULT '' NOT NULL,
    tariff_id      TEXT NOT NULL REFERENCES tariff (id),
    greeting       TEXT NOT NULL,
    instruction    TEXT DEFAULT '' NOT NULL,
    default_email  TEXT DEFAULT '' NOT NULL,
    hue            INTEGER DEFAULT 0 NOT NULL CONSTRAINT customer_hue CHECK (hue BETWEEN 0 AND 11),
    zone           TEXT DEFAULT 'Europe/Berlin' NOT NULL,
    region         TEXT DEFAULT 'DE' NOT NULL,
    state          TEXT DEFAULT '' NOT NULL,
    confidential   BOOLEAN DEFAULT FALSE NOT NULL,
    version        BIGINT DEFAULT 1 NOT NULL,
    created_at     TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
    changed_at     TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL
);
CREATE TABLE employee (
    id              TEXT NOT NULL PRIMARY KEY,
    customer_id     TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    given_name      TEXT DEFAULT '' NOT NULL,
    family_name     TEXT DEFAULT '' NOT NULL,
    position        TEXT DEFAULT '' NOT NULL,
    responsibility  TEXT DEFAULT '' NOT NULL,
    email           TEXT DEFAULT '' NOT NULL,
    sms             BOOLEAN DEFAULT FALSE NOT NULL,
    mobile          TEXT DEFAULT '' NOT NULL,
    deputy_id       TEXT REFERENCES employee (id) ON DELETE SET NULL,
    extension       TEXT DEFAULT '' NOT NULL,
    put_through     TEXT DEFAULT 'none' NOT NULL CONSTRAINT employee_put_through CHECK (put_through IN ('none', 'all', 'vip')),
    vip_sms         BOOLEAN DEFAULT FALSE NOT NULL,
    absence_info    TEXT DEFAULT '' NOT NULL,
    ring_seconds    INTEGER CONSTRAINT employee_ring CHECK (ring_seconds BETWEEN 5 AND 60),
    hours           TEXT DEFAULT '' NOT NULL
);
INSERT INTO schema_version (version) VALUES (6);
