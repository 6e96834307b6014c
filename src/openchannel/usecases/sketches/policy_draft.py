"""A policy as a form writes it: begun from one of the case, changed, told in words, made a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from typing import TYPE_CHECKING, Any

from openchannel.casefile.own_policy import OwnPolicy, parse_policy
from openchannel.domain import Levers, Policy
from openchannel.errors import Problem, UserError
from openchannel.report.building.view import LEVERS
from openchannel.report.policy_words import cost_words, policy_words, priced
from openchannel.usecases.plain import quoted
from openchannel.usecases.settings import not_one_of

if TYPE_CHECKING:
    from openchannel.analysis.portfolio.price import PriceRule
    from openchannel.domain import Case

__all__ = ["OWN_ID", "LeverField", "fields_of", "lever_fields", "prices", "told_draft", "written"]

#: Id that a policy of the page has where its writer gives none.
OWN_ID = "MINE"
_TEXTS = {"title": 120, "short": 28, "summary": 1200, "case_for": 4000, "case_against": 4000}
_FLAGS = ("eow", "rights", "travel_ban")
_ALLOWED = {
    "exlev": "0 to 1.5",
    "suspend_weeks": "weeks",
    "info_musd_per_year": "0 or more",
    "fixed_musd_per_year": "0 or more",
}
_RULE = re.compile(r"\s*(review\s*:)?\s*when\s+(.+?)\s*(?:->|\bthen\b)\s*(.+?)\s*")
_LONGEST = 8000


_SEVERITIES = (("none", "never"), ("4", "4 or more"), ("5", "5"))


@dataclass(frozen=True, slots=True)
class LeverField:
    """A lever as a form shows it: `kind` is `number`, `switch` or `choice`.

    choices : value and words of each
    """

    name: str
    title: str
    kind: str
    allowed: str
    choices: tuple[tuple[str, str], ...] = ()


def lever_fields() -> list[LeverField]:
    """Every lever of a policy file, in its order."""
    found = []
    for lever in _levers():
        title = LEVERS[lever.name]
        if lever.name in _FLAGS:
            found.append(LeverField(lever.name, title, "switch", ""))
        elif lever.name == "suspend_at_severity":
            found.append(LeverField(lever.name, title, "choice", "", _SEVERITIES))
        else:
            found.append(
                LeverField(lever.name, title, "number", _ALLOWED.get(lever.name, "0 to 1"))
            )
    return found


def prices(case: Case) -> PriceRule:
    """The prices of a case, from the standing costs of all its policies; found once."""
    from openchannel.analysis.portfolio.price import PriceRule

    if case.fingerprint not in _PRICES:
        _PRICES.clear()  # a server has one case; an edited one takes the place of the one before
        _PRICES[case.fingerprint] = PriceRule.of(case)
    return _PRICES[case.fingerprint]


_PRICES: dict[str, PriceRule] = {}


def fields_of(policy: Policy) -> dict[str, str]:
    """The fields of the form as a policy fills them; a switch that is off has none."""
    rules = policy.rules
    filled = {
        "id": OWN_ID,
        "title": f"{policy.title}, changed",
        "short": f"{policy.short[:18].rstrip()}, changed",
        "summary": policy.summary,
        "case_for": policy.case_for,
        "case_against": policy.case_against,
        "r.to": rules.target,
        "r.triggers": "",
        **{f"c.{channel}": f"{n:g}" for channel, n in policy.cadence.items()},
    }
    for lever in _levers():
        value = getattr(policy.levers, lever.name)
        if lever.name in _FLAGS:
            filled |= {f"l.{lever.name}": "yes"} if value else {}
        else:
            filled[f"l.{lever.name}"] = "none" if value is None else f"{value:g}"
    switches = {
        "on_demand": rules.on_demand,
        "lapses": rules.on_demand_lapses,
        "scale_up": rules.scale_up,
        "exit_reviews": rules.exit_review,
        "exit_deception": rules.exit_deception,
        "surge": rules.surge,
        "belief": rules.belief,
    }
    return filled | {f"r.{name}": "yes" for name, is_on in switches.items() if is_on}


def written(case: Case, given: Mapping[str, str]) -> OwnPolicy:
    """The policy that the fields make, read as strictly as any policy file.

    `given` names the policy it began from as `from`; where nothing else is given it is that policy
    under an id of its own.

    Raises
    ------
    UserError
        With every problem.
    """
    known = [p.id for p in case.policies]
    began = given.get("from") or case.focal
    if began not in known:
        raise UserError(not_one_of("from", began, known))
    if sum(map(len, given.values())) > _LONGEST * 4:
        raise UserError(_unfit("policy", "the texts are too long", f"{_LONGEST * 4:,} characters"))
    origin = case.policy(began)
    is_typed = any("." in name for name in given)
    filled = given if is_typed else {**fields_of(origin), **given}
    return parse_policy(_text(case, origin, filled), case, "policy.yaml")


def told_draft(case: Case, price: PriceRule, own: OwnPolicy, baseline: str) -> dict[str, Any]:
    """The policy in words, its cost, and its file."""
    base = case.policy(baseline)
    cost, usual = priced(price, own.policy), priced(price, base)
    from openchannel.casefile.own_policy import apply_policy

    seen = apply_policy(case, own)
    return {
        "id": own.policy.id,
        "title": own.policy.title,
        "words": policy_words(seen, own.policy, base),
        "cost": cost_words(cost, usual, base),
        "yearly_usd": cost.yearly_usd,
        "text": own.text,
    }


def _text(case: Case, origin: Policy, given: Mapping[str, str]) -> str:
    """The policy file of the fields; numbers stand as they were typed, for the reader to judge."""
    own = {name: given.get(name, "").strip()[:most] for name, most in _TEXTS.items()}
    cadence = {
        c.id: number
        for c in case.channels
        if (number := given.get(f"c.{c.id}", "").strip()) not in ("", "0")
    }
    lines = [
        f"id: {_token(given.get('id', '').strip() or OWN_ID)}",
        f"title: {quoted(own['title'] or 'A policy of my own')}",
        f"short: {quoted(own['short'] or 'My own policy')}",
        f"summary: {quoted(own['summary'] or 'Composed on the page of policies.')}",
        "cadence: {" + ", ".join(f"{c}: {_token(n)}" for c, n in cadence.items()) + "}",
        "levers:",
        *(f"  {lever.name}: {_lever(lever.name, given)}" for lever in _levers()),
        *_rules(given),
        f"case_for: {quoted(own['case_for'])}",
        f"case_against: {quoted(own['case_against'])}",
        f"risks: [{', '.join(origin.risks)}]" if all(map(_is_id, origin.risks)) else "risks: []",
        f"sources: [{', '.join(origin.sources)}]",
        "variant: false",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _levers() -> list[Field[Any]]:
    """Levers that a policy file holds; the exemption of concessions is an overlay's."""
    return [f for f in fields(Levers) if f.name != "conc_exempt"]


def _lever(name: str, given: Mapping[str, str]) -> str:
    value = given.get(f"l.{name}", "").strip()
    if name in _FLAGS:
        return "true" if value == "yes" else "false"
    return _token(value) if value else '""'


def _rules(given: Mapping[str, str]) -> list[str]:
    def is_on(name: str) -> bool:
        return given.get(f"r.{name}") == "yes"

    target = _token(given.get("r.to", "").strip()) or '""'
    lines = []
    if is_on("on_demand"):
        lapses = str(is_on("lapses")).lower()
        lines.append(f"  on_demand: {{to: {target}, lapses: {lapses}}}")
    if is_on("scale_up"):
        lines.append(f"  scale_up: {{to: {target}}}")
    ends = {"after_failed_reviews": "exit_reviews", "after_deception": "exit_deception"}
    if held := [f"{key}: true" for key, name in ends.items() if is_on(name)]:
        lines.append(f"  exit: {{{', '.join(held)}}}")
    lines += [f"  {key}: true" for key, name in (("crisis_surge", "surge"), ("belief", "belief"))
              if is_on(name)]  # fmt: skip
    triggers = [_trigger(line) for line in given.get("r.triggers", "").splitlines() if line.strip()]
    if triggers:
        lines += ["  triggers:", *(f"    - {t}" for t in triggers)]
    return ["rules:", *lines] if lines else ["rules: {}"]


def _trigger(line: str) -> str:
    """`review: when A and B then become P7` as an entry of the file."""
    found = _RULE.fullmatch(line)
    if found is None:
        wrong = f"{line.strip()[:80]!r} is no trigger"
        raise UserError(
            _unfit("triggers", wrong, "lines such as `review: when thickness >= 2 then become P7`")
        )
    at = "at: review, " if found[1] else ""
    return f"{{{at}when: {quoted(found[2])}, then: {quoted(found[3])}}}"


def _token(text: str) -> str:
    """A word or number as it was typed; anything else as a text, which the form then refuses."""
    return text if re.fullmatch(r"[\w.+-]*", text, re.ASCII) else quoted(text)


def _is_id(text: str) -> bool:
    return re.fullmatch(r"\w+", text, re.ASCII) is not None


def _unfit(field: str, wrong: str, allowed: str) -> Problem:
    return Problem("page", field, wrong, allowed, "correct the entry")
