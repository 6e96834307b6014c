"""A finished assessment: its findings, its draws, its pages, and how its folder is opened again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openchannel.domain import Case
from openchannel.errors import Problem, UserError
from openchannel.usecases.runs.manifest import check_file
from openchannel.usecases.runs.own_beliefs import case_of_run
from openchannel.usecases.settings import not_one_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["Run", "open_run"]

#: Files of a finished run, with fields that every release has written.
_RUN_FILES = {
    "summary.json": ("policies", "wager", "worlds"),
    "manifest.json": ("case_source", "case_fingerprint", "seed", "beliefs", "worlds", "overlay"),
}


@dataclass(frozen=True, slots=True)
class Run:
    """A finished assessment.

    case : the case as it was assessed, with beliefs and a policy of one's own where they were given
    summary : the findings, as in summary.json: means with `mcse`, the standard error by Monte
        Carlo, bands over beliefs, verdicts; fields in docs/reference/run-folder.md, units of the
        metrics in docs/reference/metrics.md
    manifest : what it takes to run it again to the byte
    folder : where its files lie; None for a run kept in memory
    """

    case: Case
    summary: dict[str, Any]
    manifest: dict[str, Any]
    folder: Path | None = None
    _table: pa.Table | None = field(default=None, repr=False)

    @property
    def draws(self) -> pd.DataFrame:
        """One row a policy, world and belief draw: quantities drawn and conditional means.

        Means are over the futures of the draw, each in the unit of its metric; columns in
        docs/reference/run-folder.md. Raises `UserError` where the file is gone or was changed.
        """
        if self._table is not None:
            frame: pd.DataFrame = self._table.to_pandas()
            return frame
        import pandas as pd

        assert self.folder is not None
        return pd.read_parquet(check_file(self.folder, "draws.parquet", self.manifest))

    def wager(self, policy: str, world: str | None = None) -> dict[str, Any]:
        """Wager profile of a policy against the baseline, pooled or in one world.

        Parameters
        ----------
        policy, world : str
            Ids, as in the case; without a world all are pooled by their weights.

        Returns
        -------
        dict
            `verdict`, `mean_gain` in equivalent deaths with its error `mean_gain_mcse`, its range
            over beliefs, the shares of beliefs and of luck under which the policy is worse, and
            its cost; every field in docs/reference/run-folder.md#wager.

        Raises
        ------
        UserError
            The run has no such policy or world; the baseline has no wager.
        """
        worlds = self.summary["worlds"]
        if world is not None and world not in worlds:
            raise UserError(not_one_of("world", world, list(worlds)))
        found = (self.summary if world is None else worlds[world])["wager"]
        if policy not in found:
            raise UserError(not_one_of("policy", policy, list(found)))
        return dict(found[policy])

    def thresholds(self, policy: str, **settings: Any) -> dict[str, Any]:
        """Values of each belief at which a policy stops being better; some minutes of exact runs.

        `settings`: `futures` (half the longest run), `seed`, `threads`, `say`. This and the next
        three give parts of believe.json (docs/reference/believe-file.md), and raise `UserError`
        where the run has no draws of beliefs or no such policy.
        """
        from openchannel.usecases.belief.believe import thresholds

        return thresholds(self, policy, **settings)

    def boxes(self, policy: str, **settings: Any) -> dict[str, Any]:
        """Beliefs under which a policy loses, as boxes and a short tree."""
        from openchannel.usecases.belief.believe import boxes

        return boxes(self, policy, **settings)

    def sensitivity(self, policy: str, **settings: Any) -> dict[str, Any]:
        """Beliefs that the decision about a policy turns on, by several measures."""
        from openchannel.usecases.belief.believe import sensitivity

        return sensitivity(self, policy, **settings)

    def evpi(self, **settings: Any) -> dict[str, Any]:
        """What it would be worth to know every belief, and the right school of thought."""
        from openchannel.usecases.belief.believe import evpi

        return evpi(self, **settings)

    def brief(self, form: str = "html", folder: str | Path | None = None) -> Path:
        """Write the brief as `html`, `pdf` or `docx`; returns its path.

        It goes into `folder`, else into the run's own, else into the working folder.
        """
        from openchannel.usecases.runs.brief import write_brief

        target = Path(folder) if folder is not None else self.folder or Path.cwd()
        return write_brief(self, target, (form,))[0]

    def chart(self, name: str, form: str = "svg", folder: str | Path | None = None) -> Path:
        """Write one chart of the brief as `svg`, `png` or `csv` (its numbers); returns its path.

        A name that the brief does not have raises `UserError` with those that it has.
        """
        from openchannel.usecases.runs.figures import chart_forms, figures_of, write_charts

        (wanted,) = chart_forms(form)
        figures = figures_of(self)
        if name not in figures:
            raise UserError(not_one_of("chart", name, list(figures)))
        target = Path(folder) if folder is not None else self.folder or Path.cwd()
        return write_charts([figures[name]], target, (wanted,))[0]


def open_run(folder: str | Path) -> Run:
    """A finished run from the folder that `assess` wrote it into.

    Its case is read from where it was read then, and put under the beliefs, the policy and the
    baseline that the run keeps.

    Raises
    ------
    UserError
        Not the folder of a finished run; `summary.json` is damaged; the case is gone, or what the
        run keeps does not fit it any more.
    """
    path = Path(folder)
    try:
        summary, manifest = (_read_part(path / name, keys) for name, keys in _RUN_FILES.items())
    except (OSError, ValueError) as error:
        raise UserError(
            Problem(
                file=str(path),
                field="folder",
                wrong=f"is not the folder of a finished run ({_unread(path, error)})",
                allowed="a folder with manifest.json and summary.json, made by `assess -o`",
                mend="name another folder, or run `openchannel assess CASE -o FOLDER`",
            )
        ) from error
    check_file(path, "summary.json", manifest)
    return Run(case_of_run(manifest, path), summary, manifest, path)


def _unread(folder: Path, error: OSError | ValueError) -> str:
    """Why the files of a run could not be read, without the words of the machine."""
    if not folder.exists():
        return "there is no such folder"
    if not folder.is_dir():
        return "it is a file"
    if isinstance(error, FileNotFoundError):
        return f"it has no {Path(error.filename).name}"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, UnicodeDecodeError | json.JSONDecodeError):
        return "a file in it is not JSON text: it is empty, cut or of another kind"
    return str(error)


def _read_part(path: Path, keys: Sequence[str]) -> dict[str, Any]:
    """A file of a run; raises `ValueError` where it is not one."""
    data = json.loads(path.read_text("utf-8"))
    absent = [k for k in keys if k not in data] if isinstance(data, dict) else list(keys)
    if absent:
        raise ValueError(f"{path.name} lacks {', '.join(absent)}")
    return dict(data)
