"""What a person asks for, one function each; command line, pages and Python call only these."""

from openchannel.usecases.assessment import Run, assess, load, open_run

__all__ = ["Run", "assess", "load", "open_run"]
