"""Dated forecasts of the record, and how they fared."""
