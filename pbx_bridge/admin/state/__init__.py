"""PBX, mail, SMS and database: how they are, and what to do."""
