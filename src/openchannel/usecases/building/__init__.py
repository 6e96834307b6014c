"""How to build it, and what the hedge is worth."""
