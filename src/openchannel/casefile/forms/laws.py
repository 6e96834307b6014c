"""Forms of ranges: which probability law, over which elements, replacing or scaling them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from openchannel.casefile.forms.base import Element, Form

__all__ = ["DirichletForm", "DiscreteForm", "LawForm", "LogNormalForm", "RangeForm"]

Pair = Annotated[list[float], Field(min_length=2, max_length=2)]


class LogNormalForm(Form):
    median: float = Field(gt=0, description="a number above 0", examples=[1.0])
    sigma: float = Field(
        gt=0, description="the standard deviation of the logarithm, above 0", examples=[0.5]
    )


class DiscreteForm(Form):
    values: list[float] = Field(
        min_length=1, description="a list of numbers, no two equal", examples=[[0.1, 0.3]]
    )
    weights: list[Annotated[float, Field(ge=0, description="a number, 0 or more")]] = Field(
        min_length=1,
        description="a list of numbers, one a value, 0 or more, with sum 1",
        examples=[[0.5, 0.5]],
    )


class DirichletForm(Form):
    concentration: float = Field(gt=0, description="a number above 0", examples=[20])


class LawForm(Form):
    """One probability law."""

    pert: Annotated[list[float], Field(min_length=2, max_length=3)] | None = Field(
        default=None, description="`[low, high]` or `[low, mode, high]`", examples=[[0, 0.8]]
    )
    uniform: Pair | None = Field(default=None, description="`[low, high]`", examples=[[0.1, 0.5]])
    log_uniform: Pair | None = Field(
        default=None, description="`[low, high]`, both above 0", examples=[[0.4, 2.5]]
    )
    lognormal: LogNormalForm | None = Field(
        default=None,
        description="`{median: m, sigma: s}`",
        examples=[{"median": 1.0, "sigma": 0.5}],
    )
    discrete: DiscreteForm | None = Field(
        default=None,
        description="`{values: [...], weights: [...]}`",
        examples=[{"values": [0, 1], "weights": [0.5, 0.5]}],
    )


class RangeForm(LawForm):
    """One uncertain quantity of a parameter: one law, directly or under `times` or `plus`."""

    of: list[Element] = Field(
        default_factory=list,
        description="a list of elements of the parameter; left out for all",
        examples=[[3, 4]],
    )
    each: bool = Field(default=False, description="`true` to draw for each element separately")
    dirichlet: DirichletForm | None = Field(
        default=None, description="`{concentration: c}`", examples=[{"concentration": 20}]
    )
    times: LawForm | None = Field(
        default=None,
        description="a law; the drawn number multiplies each element",
        examples=[{"log_uniform": [0.4, 2.5]}],
    )
    plus: LawForm | None = Field(
        default=None,
        description="a law; the drawn number is added to each element",
        examples=[{"uniform": [-0.1, 0.1]}],
    )
