"""What `believe` needs of a run and of the installation, said before any work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openchannel.errors import Problem, UserError
from openchannel.usecases.guard import disk_problems

if TYPE_CHECKING:
    from pathlib import Path

    from openchannel.analysis.draws import Draws
    from openchannel.domain import Case, ValueSet
    from openchannel.usecases.runs.finished_run import Run

__all__ = [
    "check_case",
    "check_run",
    "draws_of",
    "policy_of",
    "school_of",
    "source_of",
    "standing_draws",
    "value_sets",
]

_LOSS = "composite_loss"
_FEWEST_DRAWS = 64


def source_of(run: Run) -> str:
    """Where the case of a run lies: a built-in name or a folder."""
    return str(run.manifest.get("case_source") or run.case.folder)


def draws_of(run: Run) -> Draws:
    """The draws of a run with what the parts need and no more, so that memory stays small."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from openchannel.analysis.choice import CEILINGS
    from openchannel.analysis.draws import LUCK, PREFIX, Draws
    from openchannel.analysis.stakeholders import metrics_of

    metrics = dict.fromkeys((_LOSS, LUCK, *CEILINGS, *metrics_of(value_sets(run))))
    wanted = ["policy", "world", *metrics]
    base = str(run.summary["baseline"])
    weights = {w: float(d["weight"]) for w, d in run.summary["worlds"].items()}
    table = run._table  # noqa: SLF001  # a run in memory has no file to read parts of
    if table is None:
        assert run.folder is not None
        path = run.folder / "draws.parquet"
        columns = [n for n in pq.read_schema(path).names if n.startswith(PREFIX)]
        beliefs = pq.read_table(path, columns=columns, filters=[("policy", "==", base)])
        return Draws.of(pq.read_table(path, columns=wanted), beliefs, base, weights)
    columns = [n for n in table.column_names if n.startswith(PREFIX)]
    beliefs = table.filter(pc.field("policy") == base).select(columns)
    return Draws.of(table.select(wanted), beliefs, base, weights)


def value_sets(run: Run) -> tuple[ValueSet, ...]:
    """The value sets of the run's case."""
    from openchannel.casefile.values import load_values
    from openchannel.model.metrics import EXTRAS, METRICS

    known = tuple(m.id for m in (*METRICS, *EXTRAS))
    return load_values(source_of(run), known)


def school_of(case: Case, worlds: tuple[str, ...]) -> str:
    """The world that overrides least, so that most beliefs vary in it."""

    def held(world: str) -> tuple[int, int]:
        w = case.world(world)
        return (w.null_tie_effects, len(w.overrides))

    return min(worlds, key=held)


def policy_of(run: Run, policy: str) -> str:
    """The policy asked about: the one named, the case's, or the first that ran."""
    ran = list(run.summary["wager"])
    wanted = policy or (run.case.focal if run.case.focal in ran else next(iter(ran), ""))
    if wanted in ran:
        return wanted
    raise UserError(
        Problem(
            file="command line",
            field="--policy",
            wrong=f"'{wanted}' is not a policy of the run that can be compared with the baseline",
            allowed=", ".join(ran) or "nothing: the run holds the baseline alone",
            mend="name one of these, or make a run with the policy",
        )
    )


def standing_draws(folder: Path, case: Case, seed: int) -> bool:
    """Whether a folder holds a finished run that a new one with this seed would only repeat.

    Every policy, worlds and ranges of the case, without overlay or own beliefs, by this code.
    """
    from openchannel.usecases.runs.finished_run import open_run
    from openchannel.usecases.runs.manifest import code_digest

    wanted = {
        "case_fingerprint": case.fingerprint, "seed": seed, "beliefs": "ranges", "own": None,
        "overlay": "", "code": code_digest(), "worlds": [w.id for w in case.worlds],
        "policies": [p.id for p in case.policies if not p.variant],
    }  # fmt: skip
    try:
        run = open_run(folder)
        check_run(run)
    except UserError:
        return False
    return all(run.manifest.get(key) == value for key, value in wanted.items())


def check_case(run: Run, case: Case) -> None:
    """Whether a run is of this case, as it stands now, under what the run's maker believed."""
    from openchannel.usecases.runs.own_beliefs import seen_by_run

    made_from = run.manifest["case_fingerprint"]
    if made_from in (case.fingerprint, seen_by_run(case, run.manifest).fingerprint):
        return
    raise UserError(
        Problem(
            file=str(run.folder or "run"),
            field="--from",
            wrong=f"the run is of {run.manifest['case']}, or of another state of {case.id}",
            allowed=f"a run of {case.id} as it stands now",
            mend="assess the case again, or leave --from out",
        )
    )


def check_run(run: Run) -> None:
    """Draws of several beliefs, with the luck in them known."""
    problems = []
    where = str(run.folder or "run")
    if run.summary["beliefs"] != "ranges" or run.summary["n_draws"] < _FEWEST_DRAWS:
        problems.append(
            Problem(
                file=where,
                field="beliefs",
                wrong=f"the run has {run.summary['n_draws']} belief draws",
                allowed=f"beliefs drawn from their ranges, {_FEWEST_DRAWS} times or more",
                mend="assess with `--beliefs ranges` and more futures",
            )
        )
    elif run.folder is not None and run._table is None:  # noqa: SLF001  # as above
        import pyarrow.parquet as pq

        from openchannel.analysis.draws import LUCK

        path = run.folder / "draws.parquet"
        with disk_problems(run.folder):
            names = pq.read_schema(path).names if path.is_file() else []
        if LUCK not in names:
            problems.append(
                Problem(
                    file=str(path),
                    field=LUCK,
                    wrong="the draws do not say how much luck is in them",
                    allowed="draws.parquet as this release writes it",
                    mend="assess the case again",
                )
            )
    if problems:
        raise UserError(problems)
