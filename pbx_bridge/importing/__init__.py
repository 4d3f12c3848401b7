"""The operator's file: read, judge everything at once, store all or nothing by `editing`. docs/import.md is
the manual."""
