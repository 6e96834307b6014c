"""The parts of a brief, one module each: pure functions from findings to a section."""
