"""`assess`: from a case to findings, in a folder if one is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from openchannel.analysis import Findings, ledger_worlds, summarise
from openchannel.analysis.summary import ledger_summary
from openchannel.domain import Case, World
from openchannel.ensemble import (
    Checkpoint,
    Collected,
    Ensemble,
    Executor,
    Plan,
    executor,
    make_plan,
    run_plan,
)
from openchannel.ensemble.design import BeliefSample, sample_beliefs
from openchannel.ensemble.draws import draws_by_world, draws_table, write_draws
from openchannel.ensemble.progress import Reporter
from openchannel.ensemble.store import write_json
from openchannel.errors import Interrupted
from openchannel.model import pack_design
from openchannel.usecases.cases import load
from openchannel.usecases.gpu import card_for
from openchannel.usecases.guard import disk_problems
from openchannel.usecases.runs.finished_run import Run
from openchannel.usecases.runs.manifest import checksums, code_digest, make_manifest
from openchannel.usecases.runs.own_beliefs import with_baseline, with_own, with_policy
from openchannel.usecases.settings import (
    DEFAULT_FUTURES,
    DEFAULT_SEED,
    Settings,
    check_settings,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from openchannel.usecases.runs.own_beliefs import Own, OwnBeliefs, OwnPolicy

__all__ = ["assess", "discard_parts"]

_PARTS = ".unfinished"


def assess(
    case: Case | str | Path,
    *,
    futures: int = DEFAULT_FUTURES,
    seed: int = DEFAULT_SEED,
    policies: Sequence[str] = (),
    beliefs: str = "ranges",
    overlay: str = "",
    own: Own | None = None,
    own_policy: OwnPolicy | str | Path | None = None,
    baseline: str = "",
    folder: str | Path | None = None,
    threads: int | None = None,
    chunk: int = 32,
    cluster: str = "",
    gpu: bool = False,
    sharpen: int = 0,
    report: Reporter | None = None,
    keep_parts: bool = False,
) -> Run:
    """Assess the policies of a case: the same ten years, week by week, under each of them.

    Parameters
    ----------
    case : Case, name or folder
        As for `load`.
    futures : int
        Futures of each policy in each world (draws times replicates), at least; 2 or more.
    seed : int
        Of every random number, from 0 to 2^64 - 1; the same seed gives the same bytes.
    policies : sequence of str
        Ids; default every policy that is not a variant. The baseline always runs along.
    beliefs : str
        `ranges` samples the parameters, `modes` holds them at central values, a world's id runs
        that world alone (sampled).
    own : file, mapping or beliefs
        Beliefs of one's own, in place of the worlds of the case; `ranges` and `modes` are then
        those of its ranges. The run keeps them.
    own_policy : file or policy
        A policy of one's own, beside those of the case; the brief is then about it.
    baseline : str
        Id of the policy that all are compared with; default the case's own.
    folder : path
        Where to keep the run. A stopped run in it, of the same settings, is gone on with.
    threads : int
        Threads, or worker processes where `cluster` is `local`; changes no number.
    cluster : str
        `local`, or the address of a Dask scheduler, to run on its workers; changes no number.
    gpu : bool
        Play the futures on a GPU where one can be used (the manifest then names it under `gpu`),
        else on threads. Counts are the same; other numbers may differ in their last digits.
    sharpen : int
        Further futures for each policy and world on average, given after the run to those whose
        difference in the chance of war is still in doubt; `summary["sharpened"]` tells them. All
        else is as without.
    report : callable
        Told the progress, see `openchannel.ensemble.Progress`.
    keep_parts : bool
        Leave the finished parts in the folder, for `discard_parts` once the brief is written too.

    Returns
    -------
    Run
        Findings with the error of each, draws as a table, and methods that write brief and charts.

    Raises
    ------
    UserError
        Unknown ids, sizes out of bounds, faulty beliefs, a folder that cannot be written.
    Interrupted
        On Ctrl-C; what was finished is kept in the folder.
    """
    loaded = case if isinstance(case, Case) else load(case)
    widened, planned = with_policy(loaded, own_policy)
    believed, held = with_own(widened, own)
    settings = Settings(
        futures,
        seed,
        tuple(policies),
        beliefs,
        overlay,
        threads,
        chunk,
        cluster,
        gpu,
        baseline,
        sharpen,
    )
    place = Path(folder) if folder is not None else None
    try:
        run = _Job(believed, settings, place, held, planned).run(report)
    except KeyboardInterrupt:  # between two stages, or twice within one
        raise Interrupted("stopped", str(place or "")) from None
    if place is not None and not keep_parts:
        discard_parts(place)
    return run


def discard_parts(folder: Path) -> None:
    """Remove the finished parts of a run that stands on its own."""
    Checkpoint(folder / _PARTS, "").discard()


class _Job:
    """One assessment from settings to files."""

    def __init__(
        self,
        case: Case,
        settings: Settings,
        folder: Path | None,
        own: OwnBeliefs | None = None,
        own_policy: OwnPolicy | None = None,
    ) -> None:
        check_settings(case, settings)
        self.case = case = with_baseline(case, settings.baseline or case.baseline)
        self.own = own
        self.own_policy = own_policy
        self.settings = settings
        self.folder = folder
        self.policies = _policies(case, settings, own_policy)
        self.ranges = settings.beliefs != "modes"
        self.worlds = _worlds(case, settings)
        self.overlay = next((o for o in case.overlays if o.id == settings.overlay), None)
        self.card = card_for(settings.gpu)

    def run(self, report: Reporter | None) -> Run:
        plan = self._plan(self.policies, tuple(w.id for w in self.worlds), self.settings.futures)
        sample = sample_beliefs(self.case, plan.n_draws, self.settings.seed, ranges=self.ranges)
        with disk_problems(self.folder):
            on_gpu = bool(self.card)
            with executor(self.settings.cluster, self.settings.threads, gpu=on_gpu) as workers:
                if self.folder is not None:
                    self.folder.mkdir(parents=True, exist_ok=True)
                collected = self._simulate(plan, sample, self.worlds, "main", workers, report)
                ledger = self._ledger(workers)
                central = self.case.parameters["vsl_musd"].value
                findings = Findings(self.case, plan, collected, self.worlds, central)
                sharpened = self._sharpened(findings, workers)
            summary = summarise(findings)
            summary["ledger"] = ledger
            summary |= sharpened
            manifest = make_manifest(
                self.case, plan, self.settings.beliefs, self.own, self.card, self.own_policy
            )
            manifest |= {"sharpen": self.settings.sharpen} if self.settings.sharpen else {}
            drawn = (self.case, plan, sample, collected, self.worlds)
            if self.folder is None:
                return Run(self.case, summary, manifest, None, draws_table(*drawn))
            run = Run(self.case, summary, manifest, self.folder)
            self._write(self.folder, run, draws_by_world(*drawn))
        return run

    def _plan(self, policies: tuple[str, ...], worlds: tuple[str, ...], futures: int) -> Plan:
        return make_plan(
            case_fingerprint=self.case.fingerprint,
            # Parts of a card differ in last digits: none is mixed with parts of another machine.
            code=f"{code_digest()} on {self.card}" if self.card else code_digest(),
            seed=self.settings.seed,
            futures=futures,
            policies=policies,
            baseline=self.case.baseline,
            worlds=worlds,
            ranges=self.ranges,
            overlay=self.settings.overlay,
            horizon_weeks=self.case.calendar.horizon_weeks,
        )

    def _simulate(
        self,
        plan: Plan,
        sample: BeliefSample,
        worlds: Sequence[World],
        name: str,
        workers: Executor,
        report: Reporter | None,
    ) -> Collected:
        design = pack_design(self.case, plan.policies, self.overlay)
        ensemble = Ensemble(self.case, plan, design, sample, worlds, self.settings.chunk)
        weights = np.array([w.weight for w in worlds])
        weights = weights / weights.sum() if weights.sum() > 0 else weights
        parts = (
            Checkpoint(self.folder / _PARTS / name, plan.fingerprint)
            if self.folder is not None
            else None
        )
        try:
            return run_plan(
                ensemble,
                executor=workers,
                checkpoint=parts,
                report=report,
                watch=(self.case.focal, weights),
            )
        except Interrupted as stop:
            raise Interrupted(str(stop), str(self.folder or "")) from None

    def _ledger(self, workers: Executor) -> dict[str, Any]:
        """The decision with whole sides of the ledger switched off, on the default world."""
        wanted = (self.case.baseline, self.case.isolation, self.case.focal)
        policies = tuple(dict.fromkeys(p for p in wanted if p in self.policies))
        worlds = ledger_worlds(self.case)
        # Its differences are as large as those of single worlds: a quarter of the futures will do.
        futures = max(2, self.settings.futures // 4)
        plan = self._plan(policies, tuple(w.id for w in worlds), futures)
        sample = sample_beliefs(self.case, plan.n_draws, self.settings.seed, ranges=self.ranges)
        collected = self._simulate(plan, sample, worlds, "ledger", workers, None)
        central = self.case.parameters["vsl_musd"].value
        return ledger_summary(Findings(self.case, plan, collected, worlds, central))

    def _sharpened(self, findings: Findings, workers: Executor) -> dict[str, Any]:
        """Further futures where doubt is left; nothing where none are asked for."""
        if not self.settings.sharpen:
            return {}
        from openchannel.usecases.runs.sharpen import sharpen

        def simulate(
            plan: Plan, sample: BeliefSample, worlds: Sequence[World], name: str
        ) -> Collected:
            return self._simulate(plan, sample, worlds, name, workers, None)

        return {"sharpened": sharpen(findings, self.settings.sharpen, simulate)}

    def _write(self, folder: Path, run: Run, draws: Iterator[pa.Table]) -> None:
        write_draws(folder / "draws.parquet", draws)
        write_json(folder / "summary.json", run.summary)
        run.manifest["files"] = checksums(folder, ("draws.parquet", "summary.json"))
        write_json(folder / "manifest.json", run.manifest)


def _policies(case: Case, settings: Settings, own_policy: OwnPolicy | None) -> tuple[str, ...]:
    """Ids to run in the order of the case, the baseline and a policy of one's own among them."""
    wanted = set(settings.policies) or {p.id for p in case.policies if not p.variant}
    wanted.add(case.baseline)
    if own_policy is not None:
        wanted.add(own_policy.policy.id)
    return tuple(p.id for p in case.policies if p.id in wanted)


def _worlds(case: Case, settings: Settings) -> tuple[World, ...]:
    if settings.beliefs in ("ranges", "modes"):
        return case.worlds
    return (case.world(settings.beliefs),)
