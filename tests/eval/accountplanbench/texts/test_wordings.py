"""Every wording of every topic, filled for two accounts: what the generator relies on."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Iterator
from dataclasses import astuple

import pytest

from eval.accountplanbench.texts import GROUPS, Facts, Group, Wording, Written, topics, wordings
from eval.accountplanbench.texts.compose import compose
from eval.accountplanbench.texts.samples import BRAEMOOR, LARKFIELD
from eval.accountplanbench.texts.slots import slots
from eval.accountplanbench.texts.template import expansions, slot_names

TOPICS = [(group, topic) for group in GROUPS for topic in topics(group)]
ASKED: set[Group] = {"question", "unanswerable", "confidential", "demand"}
OWN_FIGURES = {"set_score", "net_spend_12m", "orders_12m"}
"""Topics that are about a figure of their own: a score of 100, twelve months."""


@pytest.fixture(params=TOPICS, ids=lambda pair: pair[1])
def named(request: pytest.FixtureRequest) -> tuple[Group, str]:
    pair: tuple[Group, str] = request.param
    return pair


def samples(topic: str) -> Iterator[tuple[Wording, Facts, Written]]:
    for wording in wordings(topic):
        for facts in (LARKFIELD, BRAEMOOR):
            for seed in range(2):
                yield wording, facts, compose(topic, wording, facts, random.Random(seed))


def documents(written: Written) -> list[Written]:
    return [written] if written.other is None else [written, written.other]


def runs(template: str, length: int) -> set[tuple[str, ...]]:
    """Every run of so many words, in each way through the choices; none goes across a slot."""
    found: set[tuple[str, ...]] = set()
    for way in expansions(template):
        marked = re.sub(r"\{\w+\}('s)?", " § ", way.lower().replace("’", "'"))
        spoken = re.findall(r"[\w']+|§", marked)
        for start in range(len(spoken) - length + 1):
            run = tuple(spoken[start : start + length])
            if "§" not in run:
                found.add(run)
    return found


def test_every_wording_fills_and_its_span_stands_in_it_once(named: tuple[Group, str]) -> None:
    _, topic = named
    for wording, _, written in samples(topic):
        for document in documents(written):
            for text in (document.text, document.title, *written.traces):
                assert not re.search(r"[{}⟦⟧⟪⟫]|\[[^\]]*\|", text), (wording.name, text)
            assert document.text.count(document.span) == 1, wording.name
            assert document.text == document.text.strip(), wording.name
            assert len(document.span.split()) >= 2, wording.name


def test_every_slot_in_any_way_through_a_wording_is_one_that_facts_fill() -> None:
    known = slots(LARKFIELD).keys() | {"aside_note", "aside_mail", "aside_short"}
    for _, topic in TOPICS:
        for wording in wordings(topic):
            for document in (wording, *([wording.other] if wording.other else [])):
                used = slot_names(document.title + document.text + "".join(wording.traces))
                assert used <= known, (topic, wording.name)


def test_what_is_asked_is_the_whole_and_a_note_has_a_title(named: tuple[Group, str]) -> None:
    group, topic = named
    for _, _, written in samples(topic):
        for document in documents(written):
            assert (document.kind == "asked") == (group in ASKED)
            assert (document.title == "") == (group in ASKED)
            if group in ASKED:
                assert document.span == document.text


def test_a_topic_has_six_families_or_more_of_which_a_third_is_closed(
    named: tuple[Group, str],
) -> None:
    families = wordings(named[1])
    closed = sum(wording.closed for wording in families)

    assert len(families) >= 6
    assert len({wording.name for wording in families}) == len(families)
    assert 0.30 <= closed / len(families) <= 0.40


def test_no_closed_text_shares_five_words_in_a_row_with_an_open_one_of_any_topic() -> None:
    # Stricter than spans of one topic: who tunes on the open ones has read them all.
    found: dict[bool, dict[tuple[str, ...], str]] = {True: {}, False: {}}
    for _, topic in TOPICS:
        for wording in wordings(topic):
            for template in (wording.text, *([wording.other.text] if wording.other else [])):
                found[wording.closed] |= dict.fromkeys(runs(template, 5), topic)

    both = found[True].keys() & found[False].keys()
    assert {run: (found[True][run], found[False][run]) for run in both} == {}


def test_a_run_of_words_ignores_punctuation_and_ends_at_a_slot() -> None:
    assert runs("We, too. Came [home|back] with {first}", 3) == {
        ("we", "too", "came"),
        ("too", "came", "home"),
        ("too", "came", "back"),
        ("came", "home", "with"),
        ("came", "back", "with"),
    }


def test_every_digit_comes_from_the_facts(named: tuple[Group, str]) -> None:
    group, topic = named
    if group == "distractor" or topic in OWN_FIGURES:
        return
    for wording, facts, written in samples(topic):
        given = " ".join(str(value) for value in astuple(facts))
        allowed = set(re.findall(r"\d+", given.replace(",", ""))) | set(re.findall(r"\d+", given))
        for document in documents(written):
            shown = document.text
            if "⟪" in wording.text:
                shown = shown.replace(document.span, "")
            assert set(re.findall(r"\d+", shown)) <= allowed, (wording.name, document.text)


@pytest.mark.parametrize("topic", topics("contradiction"))
def test_contradicting_notes_are_two_documents_neither_of_which_holds_the_other_point(
    topic: str,
) -> None:
    for _, _, written in samples(topic):
        assert written.other is not None
        assert written.other.other is None
        assert written.span not in written.other.text
        assert written.other.span not in written.text
        assert written.title != written.other.title


@pytest.mark.parametrize("topic", topics("injection"))
def test_traces_stand_in_the_order_and_nowhere_else(topic: str) -> None:
    for wording, _, written in samples(topic):
        ordered = written.span.casefold()
        if "⟪" in wording.text:
            coded = max(re.findall(r"[A-Za-z0-9+/=]{24,}", written.span), key=len)
            ordered = base64.b64decode(coded).decode().casefold()
        rest = (written.title + written.text.replace(written.span, " ")).casefold()
        assert written.traces
        for trace in written.traces:
            assert trace.casefold() in ordered, wording.name
            assert trace.casefold() not in rest, wording.name


def test_only_injections_have_traces_and_only_contradictions_a_second_note() -> None:
    for group, topic in TOPICS:
        for wording in wordings(topic):
            assert bool(wording.traces) == (group == "injection"), topic
            assert (wording.other is not None) == (group == "contradiction"), topic
