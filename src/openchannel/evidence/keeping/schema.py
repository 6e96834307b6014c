"""The tables of the store.

Rows are added and never changed or removed: a corrected row of a list is a later revision, an entry
of the ledger is corrected by another entry, a decision by a later decision.
"""

from __future__ import annotations

__all__ = ["EVENT_COLUMNS", "READ_VERSIONS", "SCHEMA_VERSION", "TABLES_SQL"]

SCHEMA_VERSION = 2
"""Of a store that is written; one of version 1, without scales, is read as it is and gains them
when it is next written."""
READ_VERSIONS = (1, SCHEMA_VERSION)

EVENT_COLUMNS: dict[str, str] = {
    "key": "VARCHAR",
    "content": "VARCHAR",
    "file_line": "INTEGER",
    "date": "DATE",
    "last": "DATE",
    "precision": "VARCHAR",
    "actor1": "VARCHAR",
    "actor2": "VARCHAR",
    "actor1_name": "VARCHAR",
    "actor2_name": "VARCHAR",
    "kind": "VARCHAR",
    "severity": "INTEGER",
    "count": "INTEGER",
    "deaths": "INTEGER",
    "place": "VARCHAR",
    "lat": "DOUBLE",
    "lon": "DOUBLE",
    "text": "VARCHAR",
    "url": "VARCHAR",
    "raw_code": "VARCHAR",
    "confidence": "VARCHAR",
    "scales": "VARCHAR",
}
"""Columns of an imported row, in the order of `meaning.Event`."""

_EVENTS = ", ".join(f'"{name}" {kind}' for name, kind in EVENT_COLUMNS.items())

TABLES_SQL = f"""
CREATE TABLE IF NOT EXISTS store_version (version INTEGER);
INSERT INTO store_version
    SELECT {SCHEMA_VERSION} WHERE NOT EXISTS (SELECT 1 FROM store_version);
CREATE TABLE IF NOT EXISTS imports (
    id INTEGER, made TIMESTAMP, source VARCHAR, format VARCHAR, layout VARCHAR, file VARCHAR,
    sha256 VARCHAR, choice VARCHAR, n_read BIGINT, n_added BIGINT, n_changed BIGINT,
    n_known BIGINT, n_outside BIGINT, n_rejected BIGINT, rejects_file VARCHAR
);
CREATE TABLE IF NOT EXISTS events (
    import_id INTEGER, source VARCHAR, occurrence INTEGER, revision INTEGER, {_EVENTS}
);
ALTER TABLE events ADD COLUMN IF NOT EXISTS scales VARCHAR;
UPDATE store_version SET version = {SCHEMA_VERSION} WHERE version < {SCHEMA_VERSION};
CREATE OR REPLACE VIEW current_events AS
    SELECT * FROM events
    QUALIFY row_number() OVER (PARTITION BY source, key, occurrence ORDER BY revision DESC) = 1;
CREATE TABLE IF NOT EXISTS ledger (
    entry INTEGER, made TIMESTAMP, who VARCHAR, why VARCHAR, act VARCHAR, id VARCHAR,
    sort VARCHAR, "values" VARCHAR
);
CREATE TABLE IF NOT EXISTS decisions (
    entry INTEGER, made TIMESTAMP, who VARCHAR, why VARCHAR, verdict VARCHAR,
    members VARCHAR, "values" VARCHAR
);
CREATE TABLE IF NOT EXISTS forecasts (
    entry INTEGER, made TIMESTAMP, who VARCHAR, "case" VARCHAR, evidence VARCHAR,
    evidence_end DATE, question VARCHAR, rule VARCHAR, query VARCHAR, "first" DATE, "last" DATE,
    probability DOUBLE, "mean" DOUBLE, low INTEGER, high INTEGER, model VARCHAR
);
"""
