"""Intervals over forms: seeded, paired, honest about what few forms cannot tell."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics.bootstrap import FIGURES, Part, difference, extraction_parts, interval, unseen
from eval.metrics.compare import compare
from eval.metrics.extraction import compare_all, figures
from tests.factories import make_form

parts = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=4),
    st.integers(0, 30).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)).map(lambda pair: Part(*pair))),
    min_size=2,
    max_size=20,
).filter(lambda found: any(part.whole for part in found.values()))


@settings(max_examples=25)
@given(parts, st.integers(0, 5))
def test_the_value_is_the_share_and_the_interval_of_a_seed_is_always_the_same(found: dict[str, Part], seed: int) -> None:
    told = interval(found, seed=seed, draws=300)
    assert told.value == pytest.approx(sum(p.part for p in found.values()) / sum(p.whole for p in found.values()), abs=1e-6)
    assert told.low is not None
    assert told.high is not None
    assert 0 <= told.low <= told.high <= 1
    shares = [p.part / p.whole for p in found.values() if p.whole]
    assert min(shares) - 1e-6 <= told.low
    assert told.high <= max(shares) + 1e-6
    turned = dict(reversed(found.items()))
    assert interval(turned, seed=seed, draws=300) == told


@settings(max_examples=15)
@given(parts)
def test_a_run_beside_itself_makes_no_difference(found: dict[str, Part]) -> None:
    told = difference(found, found, draws=200)
    assert (told.value, told.low, told.high, told.above, told.flat, told.told) == (0, 0, 0, 0.5, True, False)


def test_the_same_forms_are_drawn_for_both_runs() -> None:
    """Forms differ much, runs little and always the same way: the pair tells them apart where each interval alone would not."""
    rng = random.Random(3)
    first = {f"f{i}": Part(rng.randint(10, 90), 100) for i in range(30)}
    second = {name: Part(part.part + 2, 100) for name, part in first.items()}
    told = difference(first, second)
    alone, other = interval(first), interval(second)
    assert told.value == told.low == told.high == pytest.approx(0.02)
    assert told.told
    assert told.above == 1
    assert alone.high is not None
    assert other.low is not None
    assert alone.high > other.low
    back = difference(second, first)
    assert (back.value, back.above) == (pytest.approx(-0.02), 0)


def test_an_interval_holds_the_true_share_about_as_often_as_it_says() -> None:
    rng = random.Random(1)
    held = 0
    for seed in range(200):
        found = {str(i): Part(rng.random() < 0.7, 1) for i in range(60)}
        told = interval(found, seed=seed, draws=400)
        held += (told.low or 0) <= 0.7 <= (told.high or 0)
    assert 0.88 <= held / 200 <= 0.99


def test_few_forms_without_an_error_do_not_say_that_there_is_none() -> None:
    told = interval({str(i): Part(50, 50) for i in range(37)})
    assert (told.value, told.low, told.high, told.flat) == (1, 1, 1, True)
    assert unseen(37) == pytest.approx(0.0778, abs=1e-4)
    assert unseen(0) == 1


def test_nothing_to_share() -> None:
    told = interval({"a": Part(0, 0)})
    assert (told.value, told.low, told.high) == (None, None, None)
    assert difference({"a": Part(0, 0)}, {"a": Part(1, 1)}).value is None
    # A draw may hold only forms that have none of it.
    rare = interval({"a": Part(0, 0), "b": Part(1, 2)}, draws=50)
    assert (rare.value, rare.low, rare.high) == (0.5, 0.5, 0.5)
    with pytest.raises(ValueError, match="one run only"):
        difference({"a": Part(1, 1)}, {"b": Part(1, 1)})


def test_parts_of_reading_add_up_to_its_figures() -> None:
    gold = [make_form(name, form_id=name) for name in ("热线", "停车", "云平台")]
    read = [gold[0], gold[1].model_copy(update={"total_score": None, "indicators": gold[1].indicators[1:], "grade": "良"})]
    compared = compare_all(gold, read)
    told = figures(compared)
    found = extraction_parts(compared.forms)
    assert set(found) == set(FIGURES)
    value = {name: interval(parts, draws=10).value for name, parts in found.items()}
    for name, group in (("numbers", "number"), ("labels", "label")):
        assert value[name] == pytest.approx(told.groups[group].right / told.groups[group].cells, abs=1e-6)
    assert value["texts"] == told.groups["text"].similarity
    assert value["forms_exact"] == pytest.approx(told.forms_exact / told.forms, abs=1e-6)
    assert value["rows_recall"] == told.rows_recall
    assert value["rows_precision"] == told.rows_precision
    with pytest.raises(ValueError, match="prefix"):
        extraction_parts([compare(gold[0], gold[0])] * 2)
    assert set(extraction_parts([compare(gold[0], gold[0])], "a/")["numbers"]) == {"a/热线"}
