"""The record and the user's own store: read, imported, linked, added to, and what ties say."""
