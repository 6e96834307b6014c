"""What changed since a run, and whether the answer would change."""
