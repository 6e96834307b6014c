"""`games.yaml`: what it holds, and what is wrong with one, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from openchannel.casefile import load_case
from openchannel.casefile.games import load_games
from openchannel.errors import UserError
from openchannel.usecases.checking import check

_FAULTY = """
crisis:
  win: {value: 0.9, range: [0.4, 0.7], reasoning: r}
  own_cost: {value: 0.1, range: [0.1, 0.1], reasoning: r, sources: [S0]}
  weak_cost: {value: 0.3, range: [0.1, 0.4], reasoning: r}
  firm_cost: {value: 0.05, range: [0.0, 0.1], reasoning: r}
  precision: {value: 10, range: [5, 20], reasoning: r}
capitals:
  - id: there
    title: There
    issue: something
    players:
      - {id: a, name: A, position: 0.1, salience: 1.0, influence: 1.0, reached_by: [NYK],
         moves: [0.0, 0.1], reasoning: r}
      - {id: b, name: B, position: 0.2, salience: 1.0, influence: 1.0, reached_by: [],
         moves: [0.2, 0.1], reasoning: r}
"""


def _folder(tmp_path: Path, text: str) -> Path:
    made = tmp_path / "mine"
    made.mkdir()
    (made / "case.yaml").write_text("id: mine\nextends: korea\n", encoding="utf-8")
    (made / "games.yaml").write_text(text, encoding="utf-8")
    return made


def test_every_problem_of_the_file_is_told_with_its_line(tmp_path: Path) -> None:
    """A value outside its range, an unknown source and channel, moves that run backwards."""
    made = _folder(tmp_path, _FAULTY)
    with pytest.raises(UserError) as told:
        load_games(made, load_case(made))
    text = "\n".join(f"{p.line} {p.wrong}" for p in told.value.problems)
    for line in (
        "3 the range 0.4 to 0.7 does not hold 0.9",
        "4 `S0` is not in sources.bib",
        "13 `NYK` is no channel of the case",
        "16 0.2 to 0.1 runs backwards",
    ):
        assert line in text
    assert len(check(made).problems) == 4


def test_a_field_that_is_not_of_the_file_is_a_problem(tmp_path: Path) -> None:
    """Shapes are those of the form."""
    made = _folder(tmp_path, "crises: {}\n")
    with pytest.raises(UserError) as told:
        load_games(made, load_case(made))
    assert "crises" in str(told.value.problems[0])


def test_games_come_from_the_case_that_is_extended() -> None:
    """The reference case has the games of `korea`: five payoffs and two capitals."""
    games = load_games("korea-reference", load_case("korea-reference"))
    assert len(games.crisis) == 5
    assert len(games.capitals) == 2
