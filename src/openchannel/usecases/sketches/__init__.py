"""Answers from few futures while somebody moves beliefs or composes a policy."""
