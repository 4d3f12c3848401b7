"""What the pages of every face are built from: forms, lists, dates, charts, tables as files."""
