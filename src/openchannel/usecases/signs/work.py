"""The work behind `watch`: what the record newly shows, and what it makes of a run's beliefs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from openchannel.analysis.foresee import Foreseen, drivers, foresee, predicted
from openchannel.analysis.outlook import Outlook
from openchannel.analysis.reassess import Reassessed, Stake, reassess
from openchannel.analysis.reweigh import Reweighed
from openchannel.analysis.signs import (
    Seen,
    answer_likelihood,
    answers,
    log_likelihood,
    showings,
)
from openchannel.domain import Collection, Modelled, Sign
from openchannel.errors import Problem, UserError
from openchannel.usecases.belief.needs import draws_of, source_of
from openchannel.usecases.evidence.record import no_record, sound_record
from openchannel.usecases.evidence.state import RecordState, read_state
from openchannel.usecases.plain import plain_values
from openchannel.usecases.signs import data as shape
from openchannel.usecases.signs import record as news
from openchannel.usecases.signs.needs import Supposed, check_draws, signs_of, suppositions
from openchannel.usecases.signs.sightings import Sighting, opened_ledger, sighting, with_ledger

if TYPE_CHECKING:
    from openchannel.analysis.reweigh import F8
    from openchannel.evidence import Record
    from openchannel.usecases.runs.finished_run import Run

__all__ = ["Asked", "Work"]

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks of `watch`; see there."""

    policy: str
    since: dt.date | None
    until: dt.date | None
    suppose: tuple[str, ...]
    weeks: int
    store: str | Path | None
    day: dt.date
    seed: int


class Work:
    """One run, watched: reads what is new, weighs the beliefs, and gives the findings a shape."""

    def __init__(self, run: Run, asked: Asked, threads: int | None, say: Tell) -> None:
        self.run = run
        self.asked = asked
        self.case = run.case
        self._say = say
        self._threads = threads
        check_draws(run, same=True)  # told before any work where the case is another by now
        if not self.case.evidence_folder:
            raise UserError(no_record(self.case.folder or self.case.id))
        source = source_of(run)
        self.signs = signs_of(self.case, source)
        self.draws = draws_of(run)
        self.questions = _questions(source, self.draws.quantities)
        self.supposed = suppositions(asked.suppose, self.signs, self.questions)
        self.ledger = opened_ledger(asked.store)

    @cached_property
    def outlook(self) -> Outlook:
        """The beliefs of the run as the model holds them; they must be drawn as they were."""
        summary, draws = self.run.summary, self.draws
        outlook = Outlook(
            self.case,
            draws.worlds,
            int(summary["seed"]),
            draws.n_draws,
            overlay=str(self.run.manifest["overlay"]),
            threads=self._threads,
        )
        same = set(draws.quantities) == set(outlook.quantities) and all(
            np.array_equal(outlook.held(q), draws.beliefs[:, :, i])
            for i, q in enumerate(draws.quantities)
        )
        check_draws(self.run, same=same)
        return outlook

    def data(self) -> dict[str, Any]:
        """watch.json."""
        state = self._state()
        with sound_record(self.case.evidence_folder) as record:
            changed = news.changed(self.run, record, state, self.ledger, self._is_same)
            weekly = news.weekly_since_2012(record)
            known = max(d for d in (weekly["end"], self.asked.until) if d is not None)
            age = news.age(self.case, record, weekly, known, self.asked.day)
            with with_ledger(record, self.ledger) as merged:
                found = tuple(self._sightings(merged, state, weekly["end"]))
        self._say("weighing the run's beliefs by what was seen since...")
        likely = {
            s.sign.id: log_likelihood(s.sign, s.seen, self.outlook)
            for s in found
            if s.seen is not None
        }
        together = self._held(likely.values())
        data = {
            **shape.header(self.run, self.asked.policy, self.asked.day),
            "changed": changed,
            "counted_twice": any(self._is_known(s, state) for s in found),
            "signs": [self._sign(s, likely.get(s.sign.id)) for s in found],
            "seen": self._moved(together) if likely else None,
            "supposed": self._supposed(together) if self.supposed else None,
            "foreseen": self._foreseen(),
            "beliefs_that_decide": self._drivers(),
            "age": self._aged(age, known),
        }
        return dict(plain_values(data))

    # --- what is new -----------------------------------------------------------------------------

    @cached_property
    def _is_same(self) -> bool | None:
        """Whether the record is as the run read it; None where the run read none."""
        from openchannel.usecases.runs.manifest import evidence_digest

        kept = self.run.manifest.get("evidence_fingerprint")
        return None if kept is None else bool(kept == evidence_digest(self.case))

    def _state(self) -> RecordState | None:
        """What the run knew of the record; unknown where an earlier release ran and it changed."""
        from openchannel.usecases.evidence.state import record_state

        kept = read_state(self.run.manifest)
        if kept is None and self._is_same:
            kept = read_state({"record": record_state(self.case.evidence_folder)})
        if kept is None and self.asked.since is None:
            raise UserError(
                Problem(
                    file=str(self.run.folder or "run"),
                    field="--since",
                    wrong="the run does not say how far the record reached that it read",
                    allowed="a run by this release, or the first day of what is new to it",
                    mend="assess the case again, or give --since DATE",
                )
            )
        return kept

    def _sightings(
        self, record: Record, state: RecordState | None, record_end: dt.date
    ) -> Iterator[Sighting]:
        last = self.asked.until or record_end
        for sign in self.signs:
            known = None
            if self.asked.since is not None:
                known = self.asked.since - dt.timedelta(days=1)
            elif state is not None and sign.rows is not None:
                known = state.known_to(sign.rows.table)
            yield sighting(record, sign, known, last)

    def _is_known(self, found: Sighting, state: RecordState | None) -> bool:
        """Whether a sign was looked for in days that the run had read already."""
        if found.seen is None or found.sign.rows is None or state is None:
            return False
        known = state.known_to(found.sign.rows.table)
        return known is not None and found.seen.first <= known

    # --- what it makes of the beliefs ------------------------------------------------------------

    def _held(self, likelihoods: Iterable[F8]) -> Reweighed:
        nothing = np.zeros(self.draws.beliefs.shape[:2])
        return Reweighed(self.draws.weights, sum(likelihoods, start=nothing))

    @cached_property
    def _stakes(self) -> dict[str, Stake]:
        """What each policy stands to win and to lose: the same whatever is seen."""
        ran = (p for p in self.draws.policies if p != self.draws.baseline)
        return {p: Stake.of(self.draws, p) for p in ran}

    def _answer(self, held: Reweighed) -> Reassessed:
        """What evidence makes of the policy asked about."""
        return reassess(self._stakes[self.asked.policy], held)

    def _moved(self, held: Reweighed) -> dict[str, Any]:
        policies = [reassess(stake, held) for stake in self._stakes.values()]
        decisive = [i.name for i in self._decisive]
        return shape.moved(self.run, self.draws, held, policies, decisive)

    def _sign(self, found: Sighting, likely: F8 | None) -> dict[str, Any]:
        told = shape.sign(found.sign) | {"why_not": found.why, "rows": list(found.rows)}
        if found.seen is None or likely is None:
            return told | {"seen": None, "expected": None, "alone": None}
        seen = found.seen
        showing = showings(found.sign, seen.first, seen.weeks, self.outlook, seen.trials)
        expected = predicted(self.draws.weights, seen.count, showing)
        held = self._held([likely])
        return told | {
            "seen": shape.seen(seen),
            "expected": shape.expected(expected),
            "alone": shape.alone(held, self._answer(held)),
        }

    def _supposed(self, together: Reweighed) -> dict[str, Any]:
        each = [self._chance(s) for s in self.supposed]
        held = self._held([together.log_likelihood, *each])
        alone = [
            shape.supposed(s, w, self._answer(w))
            for s, w in zip(self.supposed, (self._held([c]) for c in each), strict=True)
        ]
        return {"what": alone, "weeks": self.asked.weeks, "moved": self._moved(held)}

    def _chance(self, supposed: Supposed) -> F8:
        about = supposed.about
        if isinstance(about, Collection):
            return answer_likelihood(about, supposed.value, self.outlook)
        seen = Seen(int(supposed.value), self._ahead, self.asked.weeks, supposed.trials)
        return log_likelihood(about, seen, self.outlook)

    # --- what may come ---------------------------------------------------------------------------

    @property
    def _ahead(self) -> dt.date:
        return self.asked.day + dt.timedelta(days=1)

    @cached_property
    def _decisive(self) -> Sequence[Any]:
        return drivers(self.draws, self.asked.policy, self.asked.seed)

    def _foreseen(self) -> list[dict[str, Any]]:
        self._say("foreseeing what each sign may bring...")
        names: dict[str, Sign | Collection] = {q.id: q for q in self.questions}
        names |= {s.id: s for s in self.signs}
        found = [self._foresee(about) for about in names.values()]
        found.sort(key=lambda f: -np.nan_to_num(f.move.mean, nan=-1.0))
        return [self._ends(f, names[f.sign]) for f in found]

    def _foresee(self, about: Sign | Collection) -> Foreseen:
        if isinstance(about, Collection):
            showing = answers(about, self.outlook)
        else:
            showing = showings(about, self._ahead, self.asked.weeks, self.outlook)
        return foresee(self.draws, self.asked.policy, about.id, showing)

    def _ends(self, found: Foreseen, about: Sign | Collection) -> dict[str, Any]:
        """What was foreseen, with the answer if the sign shows little, and if it shows much."""
        from openchannel.analysis.signs import trials_in
        from openchannel.domain import Succeeded

        trials = 0
        if isinstance(about, Sign) and isinstance(about.likelihood, Succeeded):
            trials = trials_in(about.likelihood, self.asked.weeks)
        ends = {}
        for name, value in (("low", found.low), ("high", found.high)):
            held = self._held([self._chance(Supposed(about, value, trials))])
            ends[name] = shape.end(value, held, self._answer(held))
        return shape.foreseen(found, about, trials) | ends

    def _drivers(self) -> list[dict[str, Any]]:
        return shape.decisive(self.case, self._decisive, self.signs, self.questions)

    # --- how old it is ---------------------------------------------------------------------------

    def _aged(self, told: dict[str, Any], known: dt.date) -> dict[str, Any]:
        """The age of the evidence, with what the weeks since could do to the answer."""
        self._say("asking what the age of the evidence does...")
        sign = next((s for s in self.signs if _counts_provocations(s)), None)
        for name in ("unseen_low", "unseen_high"):
            if sign is None or name not in told:
                continue
            weeks = (self.asked.day - known).days // 7
            seen = Seen(round(told[name]), known + dt.timedelta(days=1), weeks)
            held = self._held([log_likelihood(sign, seen, self.outlook)])
            gain = self._answer(held)
            told[f"if_{name}"] = shape.end(seen.count, held, gain)
        return told


def _counts_provocations(sign: Sign) -> bool:
    way = sign.likelihood
    return sign.rows is not None and isinstance(way, Modelled) and way.what == "provocations"


def _questions(source: str, quantities: Sequence[str]) -> tuple[Collection, ...]:
    from openchannel.casefile.questions import load_questions

    return load_questions(source, quantities)
