"""From a TOML file to the tables: read, judge everything at once, write all or nothing. docs/import.md is
the manual."""
