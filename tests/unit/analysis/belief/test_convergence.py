"""Enough draws or not, and how many more."""

from openchannel.analysis.belief import Index, enough_for_sign


def test_a_sign_needs_two_standard_errors():
    """An estimate at one standard error needs four times the draws if it stays where it is."""
    once = enough_for_sign(Index("x", 1.0, 1.0), 1000)
    assert (once.enough, once.needed, once.more) == (False, 4000, 3000)
    assert enough_for_sign(Index("x", -3.0, 1.0), 1000).enough
    assert enough_for_sign(Index("x", 0.0, 1.0), 1000).more is None
    assert enough_for_sign(Index("x", float("nan"), float("nan")), 1000).more is None
