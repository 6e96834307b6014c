"""The store: a DuckDB file of the user's own for imported lists, the ledger and decisions."""
