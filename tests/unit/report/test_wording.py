"""The answer follows from verdict and numbers by rule, and reads as English."""

from __future__ import annotations

import pytest

from golden.example import example_findings, example_summary
from openchannel.report.wording import (
    answer,
    count_words,
    in_sentence,
    listed,
    shortened,
    years_words,
)

VERDICTS = {
    "better": "Yes, under the beliefs of this case: a policy of standing talks leaves Upland "
    "measurably better off than the status quo.",
    "worse": "No, under the beliefs of this case: a policy of standing talks leaves Upland "
    "measurably worse off than the status quo.",
    "no_measurable_difference": "It makes no measurable difference: under the beliefs of this case "
    "the losses of a policy of standing talks cannot be told from those of the status quo.",
    "depends_on_beliefs": "It depends on what one believes: on the mean, a policy of standing "
    "talks does better than the status quo, but a fifth or more of the beliefs tried point the "
    "other way.",
}
WHERE = {
    "better": "It does better in both schools of thought.",
    "worse": "It does worse in both schools of thought.",
    "no_measurable_difference": "It makes no measurable difference in both schools of thought.",
    "depends_on_beliefs": "It turns on finer beliefs in both schools of thought.",
}


def said(findings) -> list[str]:
    """The sentences of the answer as plain text."""
    texts = ["".join(s.text for s in t) for t in answer(findings)]
    return [t.replace("\N{NO-BREAK SPACE}", " ") for t in texts]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_each_verdict_gives_three_right_sentences(verdict: str) -> None:
    """The first names the verdict, the second its size, the third where it holds."""
    first, second, third = said(example_findings(example_summary(verdict, (verdict, verdict))))
    assert first == VERDICTS[verdict]
    assert third == WHERE[verdict]
    assert second.endswith(".")
    assert "..." not in second


@pytest.mark.parametrize(
    ("verdict", "start"),
    [
        ("better", "Over ten years it lowers the chance of war by 0.40 ± 0.04 points from"),
        ("worse", "Over ten years it raises the chance of war by 0.40 ± 0.04 points from"),
        (
            "no_measurable_difference",
            "Over ten years no difference in the chance of war can be measured (it is 5.00 ± 0.25 %",
        ),
    ],
)
def test_the_size_says_direction_error_and_price(verdict: str, start: str) -> None:
    """Numbers in the sentence are those of the summary, cut at their errors."""
    assert said(example_findings(example_summary(verdict)))[1].startswith(start)


def test_a_split_between_schools_is_named_with_weights() -> None:
    """Where the answer flips, the schools on each side are listed with what they weigh."""
    first, _, third = said(example_findings())
    assert "schools of thought that carry weight point both ways" in first
    assert third == (
        "By school of thought it does better in “Talk helps” (60 % of the weight); it does worse "
        "in “Talk does nothing” (40 %)."
    )


def test_a_mean_that_cannot_be_measured_is_not_given_a_side() -> None:
    """A verdict that depends on beliefs may go with a mean that says nothing."""
    summary = example_summary()
    summary["wager"]["N1"]["mean_gain_mcse"] = 1e9
    assert (
        "on the mean, a policy of standing talks cannot be told from the status quo"
        in (said(example_findings(summary))[0])
    )


def test_one_school_alone_cannot_flip() -> None:
    """A run of one world says that it cannot tell where the answer turns."""
    summary = example_summary()
    del summary["worlds"]["V2"]
    assert said(example_findings(summary))[2] == (
        "This run holds one school of thought, “Talk helps”, so it cannot say where the answer "
        "flips."
    )


def test_a_run_of_the_baseline_alone_has_nothing_to_compare() -> None:
    """No wager, no verdict, one plain sentence."""
    summary = example_summary()
    summary["wager"], summary["policies"] = {}, {"N0": summary["policies"]["N0"]}
    assert said(example_findings(summary)) == [
        "This run holds status quo alone, so there is nothing to compare."
    ]


def test_small_helps_of_grammar() -> None:
    """Lists, counts, years and titles inside sentences."""
    assert [listed(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert (count_words(5), count_words(40)) == ("five", "40")
    assert [years_words(y) for y in (1.0, 10.0, 2.5)] == ["one year", "ten years", "2.5 years"]
    assert in_sentence("Full talks: all of them") == "full talks"
    assert in_sentence("US talks") == "US talks"


def test_names_are_cut_between_words() -> None:
    """Never within one, unless there is but one; never longer than asked."""
    name = "Reliability of a message sent through the New York channel"
    for most in range(14, len(name) + 2):
        short = shortened(name, most)
        assert len(short) <= most
        assert short == name or name.startswith(f"{short[:-1]} ")
    assert shortened("a" * 60, 40) == "a" * 39 + "…"
