"""Assessments: ordered, opened, compared, handed on, and told."""
