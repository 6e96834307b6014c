"""`korea-reference` at central beliefs against the reference run of the specification (E4, E5).

Null: this build has the same means as the reference run, whose errors are printed. Bands are the
specification's: 15 % for rates, 25 % for war and nuclear use; signs by world are required. With
2,048 futures the error of a difference in the chance of war is about .0002, so a wrong sign of the
printed size would be seen at ten standard errors.
"""

import pytest

import openchannel as oc

FUTURES = 2048
# Columns of E4: P(war), P(nuclear use), events/y, crises, agreement-years, Rel24, K_eff, contacts/y,
# capture, share closed, cost.
PRINTED = {
    "P0": (0.0538, 0.0147, 21.0, 3.21, 0.27, 0.098, 2.2, 5.3, 0.286, 0.55, 39),
    "P2": (0.0529, 0.0143, 20.5, 3.16, 0.44, 0.120, 2.5, 6.6, 0.298, 0.51, 79),
    "P7": (0.0514, 0.0138, 19.5, 3.04, 0.55, 0.163, 3.5, 16.0, 0.329, 0.49, 232),
}


@pytest.fixture(scope="module")
def summary() -> dict:
    run = oc.assess(
        "korea-reference", futures=FUTURES, seed=11, beliefs="modes", policies=["P2", "P7"]
    )
    return run.summary


@pytest.mark.parametrize("policy", PRINTED)
def test_levels_lie_within_the_bands_of_the_reference_run(summary: dict, policy: str):
    m = summary["worlds"]["W5"]["policies"][policy]["metrics"]
    mean = {k: v["mean"] for k, v in m.items()}
    found = (
        mean["p_war"], mean["p_nuclear_use"], mean["provocations_per_year"], mean["crises"],
        mean["agreement_years_real"] + mean["agreement_years_paper"], mean["reliability_24h"],
        mean["thickness_channels"], mean["contacts_per_year"], mean["opportunity_capture"],
        mean["closed_share"], mean["programme_cost_usd"] / 1e6,
    )  # fmt: skip
    bands = (0.25, 0.25, *[0.15] * 9)
    for want, got, band in zip(PRINTED[policy], found, bands, strict=True):
        assert want * (1 - band) <= got <= want * (1 + band)


def test_each_world_moves_the_chance_of_war_the_way_it_must(summary: dict):
    """W1 gains, W2 is harmed, W3 and W4 change little: not every world favours engagement."""
    gap = {
        w: view["policies"]["P7"]["versus_baseline"]["p_war"]
        for w, view in summary["worlds"].items()
    }
    assert gap["W1"]["mean"] < -10 * gap["W1"]["mcse"]
    assert gap["W2"]["mean"] > 10 * gap["W2"]["mcse"]
    assert abs(gap["W3"]["mean"]) < 0.0006
    assert -0.0025 < gap["W4"]["mean"] < 0.0002
    assert gap["W1"]["mean"] < gap["W5"]["mean"] < gap["W2"]["mean"]


def test_the_difference_agrees_with_the_printed_one_within_joint_error(summary: dict):
    """E4 prints -.0024 (.0006) for P7 and -.0009 (.0004) for P2."""
    for policy, want, error in (("P7", -0.0024, 0.0006), ("P2", -0.0009, 0.0004)):
        gap = summary["worlds"]["W5"]["policies"][policy]["versus_baseline"]["p_war"]
        assert abs(gap["mean"] - want) < 3 * (error**2 + gap["mcse"] ** 2) ** 0.5


def test_the_control_variates_agree_with_plain_counting(summary: dict):
    for world in summary["worlds"].values():
        for policy in PRINTED:
            m = world["policies"][policy]["metrics"]
            for sharp, plain in (("p_war", "p_war_raw"), ("fatalities", "fatalities_raw")):
                joint = (m[sharp]["mcse"] ** 2 + m[plain]["mcse"] ** 2) ** 0.5
                assert abs(m[sharp]["mean"] - m[plain]["mean"]) < 3.5 * joint
                assert m[sharp]["mcse"] < m[plain]["mcse"] / 3
