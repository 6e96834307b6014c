"""What a policy does when something happens: at the end of a week, and once a year.

The rules that have a name come first, then the triggers of the policy, in the order written; the
first trigger that holds is taken, and no other in that week. Triggers are rows of numbers, made by
`model.triggers`; here they are only read.
"""

from __future__ import annotations

from openchannel.kernel.language import Action, Bound, Seen, Sign
from openchannel.kernel.records import LANES
from openchannel.kernel.step import call

_YEAR = 52
_HEAD = 4  # numbers before the conditions: at a review, action, weeks, number of conditions
_EACH = 4  # numbers of a condition: seen, sign, bound, value


@call
def trigger_and_review(par, plan, f, wk, t):
    """End of the week: a shock starts a plan on demand; every 52nd week a policy is reviewed."""
    reviewed = plan.scale_up > 0.0 or plan.exit_review > 0.0 or plan.n_triggers > 0.0
    if plan.on_demand == 0.0 and plan.exit_deception == 0.0 and not reviewed:
        return
    for l in range(LANES):
        if wk.alive[l] == 0.0:
            continue
        if plan.on_demand > 0.0 and f.stage[l] == 0.0 and f.pe[l] > 0.0:
            if wk.onset[l] > 0.0 or wk.succession[l] > 0.0:
                f.stage[l] = 1.0
        if plan.exit_deception > 0.0 and wk.deceived[l] > 0.0:
            f.pe[l] = 0.0
        if plan.n_triggers > 0.0:
            _run_down(f, l)
        if reviewed:
            _review(par, plan, f, wk, t, l)


@call
def _run_down(f, l):
    """A week less of what a trigger began for some weeks; suspensions run down in step 8."""
    f.surging[l] = max(0.0, f.surging[l] - 1.0)
    f.push[l] = max(0.0, f.push[l] - 1.0) if f.push[l] > 0.0 else min(0.0, f.push[l] + 1.0)


@call
def _review(par, plan, f, wk, t, l):
    f.year_rel[l] += wk.rel24[l]
    f.year_K[l] += wk.K_eff[l]
    f.year_weeks[l] += 1.0
    if t % _YEAR != _YEAR - 1:
        if plan.n_triggers > 0.0 and f.pe[l] > 0.0:
            _trigger(par, plan, f, wk, t, l, 0.0, wk.rel24[l], wk.K_eff[l], f.year_ci[l])
        return
    weeks = f.year_weeks[l]
    rel, thick, worst = f.year_rel[l], f.year_K[l], f.year_ci[l]
    good = rel >= par.up_rel * weeks and thick >= par.up_K * weeks and worst <= par.up_ci
    f.year_rel[l] = 0.0
    f.year_K[l] = 0.0
    f.year_weeks[l] = 0.0
    f.year_ci[l] = 0.0
    if f.pe[l] == 0.0:
        return
    if good and plan.scale_up > 0.0:
        f.stage[l] = 1.0
    f.failures[l] = 0.0 if good else f.failures[l] + 1.0
    if plan.exit_review > 0.0 and f.failures[l] >= par.exit_failures:
        f.pe[l] = 0.0
    if plan.n_triggers > 0.0 and f.pe[l] > 0.0:
        if not _trigger(par, plan, f, wk, t, l, 1.0, rel / weeks, thick / weeks, worst):
            _trigger(par, plan, f, wk, t, l, 0.0, wk.rel24[l], wk.K_eff[l], worst)


@call
def _trigger(par, plan, f, wk, t, l, review, rel, thick, worst):
    """Take the first trigger that holds, of those of a review or of those of any week."""
    for k in range(int(plan.n_triggers)):
        if plan.trigger[k, 0] != review:
            continue
        holds = _would_act(plan, f, l, k)
        for j in range(int(plan.trigger[k, 3])):
            at = _HEAD + _EACH * j
            seen = _seen(f, wk, t, l, int(plan.trigger[k, at]), rel, thick, worst)
            bound = _bound(par, int(plan.trigger[k, at + 2]), plan.trigger[k, at + 3])
            holds = holds and _compares(int(plan.trigger[k, at + 1]), seen, bound)
        if holds:
            _act(plan, f, l, k)
            return True
    return False


@call
def _seen(f, wk, t, l, what, rel, thick, worst):
    """What an official could have seen by the end of the week."""
    if what == Seen.reliability_24h:
        return rel
    if what == Seen.thickness:
        return thick
    if what == Seen.compromise:
        return worst
    if what == Seen.failed_reviews:
        return f.failures[l]
    if what == Seen.week:
        return t + 1.0
    if what == Seen.rung:
        return f.r[l]
    if what == Seen.severity:
        return wk.worst[l]
    if what == Seen.crisis_begins:
        return 1.0 if wk.onset[l] > 0.0 else 0.0
    if what == Seen.succession:
        return 1.0 if wk.succession[l] > 0.0 else 0.0
    if what == Seen.deception:
        return 1.0 if wk.deceived[l] > 0.0 else 0.0
    if what == Seen.agreement:
        return 1.0 if f.ag[l] > 0.0 else 0.0
    if what == Seen.scaled_up:
        return f.stage[l]
    if what == Seen.political_cost:
        return f.Pd[l]
    if what == Seen.alliance_friction:
        return f.F[l]
    return f.mu_t[l]


@call
def _bound(par, which, value):
    """A number, or a parameter of the module `rules`."""
    if which == Bound.up_rel:
        return par.up_rel
    if which == Bound.up_K:
        return par.up_K
    if which == Bound.up_ci:
        return par.up_ci
    if which == Bound.exit_failures:
        return par.exit_failures
    if which == Bound.mu_hi:
        return par.mu_hi
    if which == Bound.mu_lo:
        return par.mu_lo
    return value


@call
def _compares(sign, seen, bound):
    if sign == Sign.at_least:
        return seen >= bound
    if sign == Sign.above:
        return seen > bound
    if sign == Sign.at_most:
        return seen <= bound
    return seen < bound


@call
def _would_act(plan, f, l, k):
    """False where a trigger would change nothing: it must not stand in the way of others."""
    action = int(plan.trigger[k, 1])
    if action == Action.become:
        return f.stage[l] == 0.0
    if action == Action.step_back:
        return f.stage[l] == 1.0
    weeks = plan.trigger[k, 2]
    if action == Action.suspend:
        return f.susp[l] < weeks
    if action == Action.surge:
        return f.surging[l] < weeks
    if action == Action.bargain_more:
        return f.push[l] < weeks
    if action == Action.bargain_less:
        return f.push[l] > -weeks
    return True


@call
def _act(plan, f, l, k):
    action, weeks = int(plan.trigger[k, 1]), plan.trigger[k, 2]
    if action == Action.become:
        f.stage[l] = 1.0
    elif action == Action.step_back:
        f.stage[l] = 0.0
    elif action == Action.leave:
        f.pe[l] = 0.0
    elif action == Action.suspend:
        f.susp[l] = weeks
    elif action == Action.surge:
        f.surging[l] = weeks
    else:
        f.push[l] = weeks if action == Action.bargain_more else -weeks
