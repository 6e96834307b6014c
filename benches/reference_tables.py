"""Print E4 and E5 of the specification beside what this code gives, as Markdown.

    python benches/reference_tables.py [FUTURES]

E4 and E5 are regression bands of the reference run, not findings. The case is `korea-reference` at
central beliefs; `korea` is printed after it, as it falls.
"""

from __future__ import annotations

import sys

import openchannel as oc

# P(war), dP(war), P(nuclear), events/y, crises, agreement-years, Rel24, K_eff, contacts/y, capture,
# closed, cost: table E4 as printed.
E4 = {
    "P0": (0.0538, None, 0.0147, 21.0, 3.21, 0.27, 0.098, 2.2, 5.3, 0.286, 0.55, 39),
    "P1": (0.0542, 0.0003, 0.0146, 21.4, 3.26, 0.12, 0.085, 1.8, 3.5, 0.280, 0.57, 29),
    "P2": (0.0529, -0.0009, 0.0143, 20.5, 3.16, 0.44, 0.120, 2.5, 6.6, 0.298, 0.51, 79),
    "P3": (0.0537, -0.0002, 0.0145, 20.9, 3.20, 0.39, 0.106, 2.4, 5.8, 0.290, 0.53, 61),
    "P4": (0.0522, -0.0016, 0.0142, 20.1, 3.11, 0.43, 0.110, 2.7, 11.1, 0.296, 0.51, 101),
    "P5": (0.0522, -0.0016, 0.0143, 20.1, 3.11, 0.39, 0.129, 2.9, 9.7, 0.308, 0.51, 136),
    "P6": (0.0528, -0.0010, 0.0142, 20.7, 3.17, 0.32, 0.124, 2.4, 6.4, 0.307, 0.53, 67),
    "P7": (0.0514, -0.0024, 0.0138, 19.5, 3.04, 0.55, 0.163, 3.5, 16.0, 0.329, 0.49, 232),
    "P8": (0.0539, 0.0001, 0.0147, 21.1, 3.22, 0.24, 0.093, 2.2, 4.9, 0.283, 0.58, 197),
    "P9": (0.0529, -0.0009, 0.0144, 20.4, 3.14, 0.47, 0.109, 2.5, 7.3, 0.293, 0.49, 68),
    "P10": (0.0533, -0.0005, 0.0144, 20.9, 3.19, 0.30, 0.104, 2.4, 6.7, 0.288, 0.51, 69),
    "P11": (0.0526, -0.0013, 0.0142, 20.4, 3.14, 0.48, 0.148, 2.8, 9.1, 0.315, 0.50, 189),
    "P12": (0.0514, -0.0024, 0.0138, 19.7, 3.06, 0.48, 0.150, 3.3, 14.1, 0.322, 0.53, 437),
    "P13": (0.0516, -0.0023, 0.0138, 19.4, 3.03, 0.58, 0.167, 3.6, 17.4, 0.331, 0.47, 275),
}
E4_ERROR = {
    "P1": 0.0003, "P2": 0.0004, "P3": 0.0003, "P4": 0.0004, "P5": 0.0005, "P6": 0.0003,
    "P7": 0.0006, "P8": 0.0002, "P9": 0.0004, "P10": 0.0003, "P11": 0.0005, "P12": 0.0006,
    "P13": 0.0006,
}  # fmt: skip
# World: P(war) of P0 and P7, difference and its error, difference of P2 and its error.
E5 = {
    "W1": (0.0510, 0.0442, -0.0068, 0.0010, -0.0028, 0.0007),
    "W2": (0.0626, 0.0651, 0.0025, 0.0007, 0.0012, 0.0004),
    "W3": (0.0587, 0.0583, -0.0004, 0.0002, -0.0002, 0.0001),
    "W4": (0.0565, 0.0555, -0.0010, 0.0005, -0.0004, 0.0003),
}
RATE, RARE = 0.15, 0.25


def measured(view: dict, policy: str) -> list[float]:
    """The columns of E4 from a summary."""
    metrics = view["policies"][policy]["metrics"]

    def mean(metric: str) -> float:
        return metrics[metric]["mean"]

    paired = view["policies"][policy]["versus_baseline"]["p_war"]
    years = mean("agreement_years_real") + mean("agreement_years_paper")
    return [
        mean("p_war"), paired["mean"], mean("p_nuclear_use"), mean("provocations_per_year"),
        mean("crises"), years, mean("reliability_24h"), mean("thickness_channels"),
        mean("contacts_per_year"), mean("opportunity_capture"), mean("closed_share"),
        mean("programme_cost_usd") / 1e6,
    ]  # fmt: skip


def outside(printed: tuple, found: list[float], policy: str, error: float) -> list[str]:
    """Columns that leave the band: 15 % for rates, 25 % for war and nuclear use."""
    names = ("P(war)", "dP(war)", "P(nuc)", "events", "crises", "agreement-y", "Rel24", "K_eff",
             "contacts", "capture", "closed", "cost")  # fmt: skip
    wrong = []
    for name, want, got in zip(names, printed, found, strict=True):
        if want is None:
            continue
        if name == "dP(war)":
            joint = (E4_ERROR[policy] ** 2 + error**2) ** 0.5
            if abs(got - want) > 3 * joint:
                wrong.append(f"{name} {got - want:+.4f}")
            continue
        band = RARE if name in ("P(war)", "P(nuc)") else RATE
        if abs(got / want - 1) > band:
            wrong.append(f"{name} {got / want - 1:+.0%}")
    return wrong


def table(summary: dict, world: str, *, compare: bool) -> None:
    """E4 of one run."""
    view = summary["worlds"][world]
    print("| policy | P(war) | dP(war) (s.e.) | P(nuc) | events/y | crises | agreement-y | Rel24 "
          "| K_eff | contacts/y | capture | closed | cost $M | outside the band |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for policy in summary["policies"]:
        f = measured(view, policy)
        error = view["policies"][policy]["versus_baseline"]["p_war"]["mcse"] or 0.0
        wrong = outside(E4[policy], f, policy, error) if compare and policy in E4 else []
        print(
            f"| {policy} | {f[0]:.4f} | {f[1]:+.5f} ({error:.5f}) | {f[2]:.4f} | {f[3]:.1f} "
            f"| {f[4]:.2f} | {f[5]:.2f} | {f[6]:.3f} | {f[7]:.1f} | {f[8]:.1f} | {f[9]:.3f} "
            f"| {f[10]:.2f} | {f[11]:.0f} | {', '.join(wrong) or '-'} |"
        )


def worlds(summary: dict, *, compare: bool) -> None:
    """E5 by world."""
    print("| world | P0 | P7 | P7 - P0 (s.e.) | printed | P2 - P0 (s.e.) | printed |")
    print("|---|---|---|---|---|---|---|")
    for world, view in summary["worlds"].items():
        p0 = view["policies"]["P0"]["metrics"]["p_war"]["mean"]
        p7 = view["policies"]["P7"]["metrics"]["p_war"]["mean"]
        d7 = view["policies"]["P7"]["versus_baseline"]["p_war"]
        d2 = view["policies"]["P2"]["versus_baseline"]["p_war"]
        want = E5.get(world) if compare else None
        print(
            f"| {world} | {p0:.4f} | {p7:.4f} | {d7['mean']:+.5f} ({d7['mcse']:.5f}) "
            f"| {f'{want[2]:+.4f} ({want[3]:.4f})' if want else '-'} "
            f"| {d2['mean']:+.5f} ({d2['mcse']:.5f}) "
            f"| {f'{want[4]:+.4f} ({want[5]:.4f})' if want else '-'} |"
        )


def main(futures: int = 12_000) -> None:
    """Both cases, central beliefs."""
    for name in ("korea-reference", "korea"):
        run = oc.assess(name, futures=futures, seed=1, beliefs="modes")
        print(f"\n## {name}, default beliefs (W5), {futures} paired futures\n")
        table(run.summary, "W5", compare=name == "korea-reference")
        print(f"\n## {name}, by world\n")
        worlds(run.summary, compare=name == "korea-reference")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
