-- Days that the house counts as holidays, or does not, otherwise than the law as the program knows it.
CREATE TABLE house_day (
    day    TEXT NOT NULL,
    state  TEXT NOT NULL,
    free   BOOLEAN DEFAULT FALSE NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (day, state)
);

UPDATE schema_version SET version = 43;
