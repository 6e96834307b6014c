"""What history says: count models, event study, spells and severities, with their diagnostics."""
