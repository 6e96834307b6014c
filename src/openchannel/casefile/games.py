"""Games of a case: payoffs of a crisis, and who bargains inside each capital, with sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from openchannel.casefile.document import Document, read_document
from openchannel.casefile.forms.base import Element, Form, Id, Share, Sources, Text
from openchannel.casefile.layers import find_layers
from openchannel.casefile.wording import fill_in
from openchannel.casefile.words import one_of
from openchannel.domain import Capital, Case, Games, Payoff, Player
from openchannel.errors import Problem, UserError

__all__ = ["GAMES", "CapitalForm", "CrisisForm", "GamesForm", "PayoffForm", "PlayerForm",
           "load_games"]  # fmt: skip

#: Name of the file in a case folder.
GAMES = "games.yaml"
_Step = Annotated[float, Field(ge=-1, le=1, description="a number from -1 to 1")]


class PayoffForm(Form):
    """A payoff where the pie is 1, its range, and why."""

    value: Annotated[float, Field(gt=0, description="a number above 0")]
    range: Annotated[
        list[float],
        Field(min_length=2, max_length=2, description="a list of two numbers, low and high"),
    ]
    grade: Literal["A", "B", "C"] = "C"
    reasoning: Text
    sources: Sources = Field(default_factory=list)


class CrisisForm(Form):
    """Payoffs of the demand made of a rival who may be weak or resolute."""

    win: PayoffForm
    own_cost: PayoffForm
    weak_cost: PayoffForm
    firm_cost: PayoffForm
    precision: PayoffForm


class PlayerForm(Form):
    """One who bargains inside a capital."""

    id: Id
    name: Text
    position: Share
    salience: Share
    influence: Share
    reached_by: Annotated[list[Element], Field(description="a list of channel ids, or `[]`")]
    moves: Annotated[
        list[_Step],
        Field(min_length=2, max_length=2, description="a list of two numbers, from and to"),
    ]
    grade: Literal["A", "B", "C"] = "C"
    reasoning: Text
    sources: Sources = Field(default_factory=list)


class CapitalForm(Form):
    """A capital and its players."""

    id: Id
    title: Text
    issue: Text
    decisiveness: Annotated[float, Field(ge=1, description="a number, 1 or more")] = 1.0
    players: Annotated[list[PlayerForm], Field(min_length=2, description="two players or more")]


class GamesForm(Form):
    """The whole file."""

    crisis: CrisisForm | None = None
    capitals: list[CapitalForm] = Field(default_factory=list)


def load_games(case: str | Path, known: Case) -> Games:
    """The games of a case or of a case it extends; empty where there is no such file.

    Parameters
    ----------
    known : the case itself; channels and sources that it does not have are a problem

    Raises
    ------
    UserError
        With every problem of the file.
    """
    problems: list[Problem] = []
    files = [layer.file(GAMES) for layer in find_layers(case, problems)]
    found = next((f for f in files if f.path.exists()), None)
    document = read_document(found, problems) if found and not problems else None
    form = fill_in(GamesForm, document, problems) if document else None
    if document and form:
        problems += _disagreements(form, document, known)
    if problems:
        raise UserError(problems)
    return _games(form or GamesForm())


def _disagreements(form: GamesForm, document: Document, known: Case) -> Iterator[Problem]:
    """Ranges without their value, and names that the case does not know."""
    channels = [c.id for c in known.channels]
    for name, payoff in _payoffs(form):
        low, high = payoff.range
        if not low <= payoff.value <= high:
            yield document.problem(
                ["crisis", name, "range"],
                f"the range {low:g} to {high:g} does not hold {payoff.value:g}",
                "low, then high, with the value between",
                "widen the range, or change the value",
            )
        yield from _sources(payoff.sources, ["crisis", name, "sources"], document, known)
    for i, capital in enumerate(form.capitals):
        for j, player in enumerate(capital.players):
            at: list[str | int] = ["capitals", i, "players", j]
            for k, channel in enumerate(player.reached_by):
                if channel not in channels:
                    yield document.problem(
                        [*at, "reached_by", k],
                        f"`{channel}` is no channel of the case",
                        one_of(channel, channels),
                        "write one of these, or take it out",
                    )
            if player.moves[0] > player.moves[1]:
                yield document.problem(
                    [*at, "moves"],
                    f"{player.moves[0]:g} to {player.moves[1]:g} runs backwards",
                    "the smaller number first",
                    "exchange the two",
                )
            yield from _sources(player.sources, [*at, "sources"], document, known)


def _sources(
    keys: list[str], at: list[str | int], document: Document, known: Case
) -> Iterator[Problem]:
    for k, key in enumerate(keys):
        if key not in known.sources:
            yield document.problem(
                [*at, k],
                f"`{key}` is not in sources.bib",
                one_of(key, known.sources),
                "write a key that is there, or add the source",
            )


def _payoffs(form: GamesForm) -> Iterator[tuple[str, PayoffForm]]:
    if form.crisis is not None:
        for name in CrisisForm.model_fields:
            yield name, getattr(form.crisis, name)


def _games(form: GamesForm) -> Games:
    crisis = {
        name: Payoff(
            p.value, p.range[0], p.range[1], p.grade, p.reasoning.strip(), tuple(p.sources)
        )
        for name, p in _payoffs(form)
    }
    return Games(crisis, tuple(_capital(c) for c in form.capitals))


def _capital(form: CapitalForm) -> Capital:
    players = tuple(
        Player(
            p.id,
            p.name.strip(),
            p.position,
            p.salience,
            p.influence,
            tuple(p.reached_by),
            (p.moves[0], p.moves[1]),
            p.grade,
            p.reasoning.strip(),
            tuple(p.sources),
        )
        for p in form.players
    )
    return Capital(form.id, form.title.strip(), form.issue.strip(), form.decisiveness, players)
