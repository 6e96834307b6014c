"""The first look is the run's own question at central beliefs, and comes without heavy libraries."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import openchannel as oc
from openchannel.usecases.runs.first_look import first_look
from openchannel.usecases.settings import Settings


def test_it_is_the_difference_at_central_beliefs() -> None:
    """Equal to the estimate of a run at central values, on the same luck.

    The error is over pairs, that of the run over few groups of them: of one size, not equal.
    """
    case = oc.load("korea")
    look = first_look(case, Settings(seed=3))
    assert look is not None
    run = oc.assess(case, policies=[case.focal], beliefs="modes", futures=look.pairs, seed=3)
    paired = run.summary["policies"][case.focal]["versus_baseline"]["p_war"]
    assert look.mean == pytest.approx(paired["mean"], rel=1e-9)
    assert look.mcse == pytest.approx(paired["mcse"], rel=0.25)


def test_it_follows_the_settings() -> None:
    """One world where the run has one; nothing where the watched policy does not run."""
    case = oc.load("korea")
    looks = [first_look(case, Settings(beliefs=w.id)) for w in case.worlds]
    pooled = first_look(case, Settings())
    assert pooled is not None
    shares = np.array([w.weight for w in case.worlds]) / sum(w.weight for w in case.worlds)
    means = [look.mean for look in looks if look is not None]
    assert pooled.mean == pytest.approx(float(np.dot(shares, means)))
    other = next(p.id for p in case.policies if p.id not in (case.focal, case.baseline))
    assert first_look(case, Settings(policies=(other,))) is None


def test_it_waits_for_no_library_but_the_kernels_own() -> None:
    """Neither SciPy's statistics, nor pydantic, pandas or DuckDB are loaded before it."""
    code = (
        "import sys\n"
        "from openchannel.usecases.cases import load\n"
        "load('korea')\n"  # keeps the case where it is not kept yet
        "code = '''\n"
        "import sys\n"
        "from openchannel.usecases.cases import load\n"
        "from openchannel.usecases.runs.first_look import first_look\n"
        "from openchannel.usecases.settings import Settings\n"
        "first_look(load('korea'), Settings())\n"
        "print(*sorted({'scipy.stats', 'pydantic', 'ruamel', 'pandas', 'duckdb', 'pyarrow'}"
        " & set(sys.modules)))'''\n"
        "import subprocess\n"
        "print(subprocess.run([sys.executable, '-c', code], capture_output=True, text=True,"
        " check=True).stdout, end='')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "" == done.stdout.strip()
