"""Lists as files that people carry between programs: out as stored, in as a plan of what would change."""
