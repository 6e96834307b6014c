"""Optional parts of the installation: what they hold, loaded when it is asked for, or told missing.

Which library does what belongs to the floor that uses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from openchannel.errors import Problem, UserError

__all__ = ["BAYES", "BELIEF", "OPTIMISE", "WEB", "Part"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part that need not be installed.

    name : as `pip` knows it
    asks : what needs it, at the head of a sentence
    libraries : the modules that come with it
    """

    name: str
    asks: str
    libraries: tuple[str, ...]

    def check(self) -> None:
        """Whether the part is installed, without the seconds that loading it takes.

        Raises
        ------
        UserError
            With every library that is not there.
        """
        absent = [name for name in self.libraries if find_spec(name) is None]
        if absent:
            raise UserError(self._missing(name, "it is not installed") for name in absent)

    def module(self, name: str) -> Any:
        """A module of one of the libraries.

        Raises
        ------
        UserError
            The library cannot be loaded.
        """
        try:
            return import_module(name)
        except ImportError as error:
            raise UserError(self._missing(name.partition(".")[0], str(error))) from error

    def _missing(self, library: str, why: str) -> Problem:
        return Problem(
            file="the installation",
            field=library,
            wrong=f"{self.asks} needs a library that cannot be loaded ({why})",
            allowed=f"openchannel with its optional part `{self.name}`",
            mend=f"install it with `pip install 'openchannel[{self.name}]'`",
        )


BAYES = Part("bayes", "what history says", ("nutpie", "arviz"))
BELIEF = Part("belief", "this question", ("contourpy", "SALib", "sklearn"))
OPTIMISE = Part("optimise", "the search", ("pymoo",))
WEB = Part("web", "the web app", ("fastapi", "python_multipart", "uvicorn"))
