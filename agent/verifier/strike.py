"""Take struck claims out of a draft, with everything that rested on them."""

from __future__ import annotations

from collections.abc import Sequence

from agent.verifier.blockers import NO_OBJECTIVE
from agent.verifier.places import Place, walk
from domain.plan import (
    AccountPlanDraft,
    Claim,
    ClaimKind,
    ClaimResult,
    Omission,
    PersonRow,
    Play,
    Report,
)

_KINDS: dict[ClaimKind, str] = {
    "fact": "A fact",
    "quote": "A quotation",
    "metric": "A figure",
    "recommendation": "A recommendation",
    "assumption": "An assumption",
}
_ROLES = {
    "objective": "The objective",
    "play": "A play",
    "done_when": "The measure of a play",
    "value": "The value of a play",
    "objection": "An expected objection",
    "milestone": "A milestone",
    "success": "A success measure",
    "against": "The case against",
    "unknown": "An unknown",
    "note": "A note on a person",
}
_LOST_PREMISE = ("2", "It rested only on statements that were left out.")
_LOST_PLAY = ("2", "Its play was left out.")


def strike(draft: AccountPlanDraft, report: Report) -> tuple[AccountPlanDraft, list[Omission]]:
    """Remove what `report` strikes, and list it without its words.

    A play goes whole with its `what` or its measure; a struck optional part becomes null;
    a struck objective leaves a stand-in that blocks approval; milestones go with their
    play; a recommendation falls with its last premise, to a fixed point.

    Parameters
    ----------
    draft
        The draft that `report` is about, unchanged since.
    report
        From `check_plan`.

    Returns
    -------
    draft, omissions
        In reading order, cascaded ones included.
    """
    places = list(walk(draft))
    by_position = report.claims[: len(places)]
    reasons: dict[int, tuple[str, str]] = {
        position: _reason(result)
        for position, result in enumerate(by_position)
        if result.outcome == "struck"
    }
    faulty = {item.key: _reason(item) for item in report.claims[len(places) :]}
    _cascade(draft, places, reasons, faulty)
    gone = set(reasons)
    dropped = _dropped_plays(places, gone, faulty)
    lost = {places[position].claim.key for position in gone} - {
        place.claim.key for position, place in enumerate(places) if position not in gone
    }
    omissions = [
        _omission(places[position], reason)
        for position, reason in sorted(reasons.items())
        if reason is not _LOST_PLAY or places[position].role == "milestone"
    ]
    omissions += [_row_omission(key, reason) for key, reason in sorted(faulty.items())]
    return _without(draft, places, gone, dropped, faulty, lost), omissions


def _reason(result: ClaimResult) -> tuple[str, str]:
    finding = next(item for item in result.findings if item.effect == "strike")
    return finding.check, finding.message


def _cascade(
    draft: AccountPlanDraft,
    places: Sequence[Place],
    reasons: dict[int, tuple[str, str]],
    faulty: dict[str, tuple[str, str]],
) -> None:
    """Add to `reasons` whatever cannot stand without what is already struck."""
    growing = True
    while growing:
        before = len(reasons)
        gone = set(reasons)
        plays = _dropped_plays(places, gone, faulty)
        names = {draft.plays[index].key for index in plays}
        left = {place.claim.key for position, place in enumerate(places) if position not in gone}
        kept_plays = {play.key for index, play in enumerate(draft.plays) if index not in plays}
        for position, place in enumerate(places):
            if position in reasons:
                continue
            claim = place.claim
            if place.role in ("play", "value", "objection", "done_when") and place.row in plays:
                reasons[position] = _LOST_PLAY
            elif place.role == "milestone" and (
                draft.milestones[place.row].play in names - kept_plays
                or f"milestones:{place.row}" in faulty
            ):
                reasons[position] = faulty.get(f"milestones:{place.row}", _LOST_PLAY)
            elif place.role == "note" and f"people:{place.row}" in faulty:
                reasons[position] = faulty[f"people:{place.row}"]
            elif (
                claim.kind == "recommendation"
                and claim.premises
                and not claim.citations
                and not any(key in left and key != claim.key for key in claim.premises)
            ):
                reasons[position] = _LOST_PREMISE
        growing = len(reasons) > before


def _dropped_plays(
    places: Sequence[Place], gone: set[int], faulty: dict[str, tuple[str, str]]
) -> set[int]:
    dropped = {
        places[position].row for position in gone if places[position].role in ("play", "done_when")
    }
    return dropped | {
        place.row for place in places if place.role == "play" and f"plays:{place.row}" in faulty
    }


def _without(
    draft: AccountPlanDraft,
    places: Sequence[Place],
    gone: set[int],
    dropped: set[int],
    faulty: dict[str, tuple[str, str]],
    lost: set[str],
) -> AccountPlanDraft:
    kept: dict[tuple[str, str, int], Claim] = {}
    for position, place in enumerate(places):
        if position not in gone:
            kept[(place.section, place.role, place.row)] = _loosened(place.claim, lost)

    def listed(section: str, role: str, claims: Sequence[Claim]) -> list[Claim]:
        found = (kept.get((section, role, index)) for index in range(len(claims)))
        return [claim for claim in found if claim is not None]

    def play_left(index: int, play: Play) -> Play:
        parts = {
            name: kept.get(("plays", role, index))
            for name, role in (
                ("what", "play"),
                ("value", "value"),
                ("objection", "objection"),
                ("done_when", "done_when"),
            )
        }
        if f"plays:{index}:contact" in faulty:
            return play.model_copy(update={**parts, "contact": None, **_before(index)})
        return play.model_copy(update={**parts, **_before(index)})

    def _before(index: int) -> dict[str, None]:
        return {"before": None} if f"plays:{index}:before" in faulty else {}

    def person_left(index: int, person: PersonRow) -> PersonRow:
        return person.model_copy(update={"note": kept.get(("buying_group", "note", index))})

    objective = kept.get(("where_we_stand", "objective", 0)) or Claim(
        key=draft.objective.key,
        kind="assumption",
        subject=f"account:{draft.account_id}",
        text=NO_OBJECTIVE,
        slots=[],
        citations=[],
        premises=[],
    )
    milestones = [
        milestone.model_copy(update={"what": what})
        for index, milestone in enumerate(draft.milestones)
        if (what := kept.get(("plays", "milestone", index))) is not None
    ]
    return draft.model_copy(
        update={
            "objective": objective,
            "where_we_stand": listed("where_we_stand", "narrative", draft.where_we_stand),
            "why_now": listed("why_now", "narrative", draft.why_now),
            "buying_group": listed("buying_group", "narrative", draft.buying_group),
            "people": [
                person_left(index, person)
                for index, person in enumerate(draft.people)
                if f"people:{index}" not in faulty
            ],
            "whitespace": listed("whitespace", "narrative", draft.whitespace),
            "products": [
                row for index, row in enumerate(draft.products) if f"products:{index}" not in faulty
            ],
            "competition": listed("competition", "narrative", draft.competition),
            "plays": [
                play_left(index, play)
                for index, play in enumerate(draft.plays)
                if index not in dropped
            ],
            "milestones": milestones,
            "success": listed("plays", "success", draft.success),
            "risks": listed("risks", "narrative", draft.risks),
            "against": kept.get(("risks", "against", 0)),
            "unknowns": listed("risks", "unknown", draft.unknowns),
        }
    )


def _loosened(claim: Claim, lost: set[str]) -> Claim:
    if not lost.intersection(claim.premises):
        return claim
    premises = [key for key in claim.premises if key not in lost]
    return claim.model_copy(update={"premises": premises})


def _omission(place: Place, reason: tuple[str, str]) -> Omission:
    check, message = reason
    what = _ROLES.get(place.role) or _KINDS[place.claim.kind]
    if check == "competitor":
        what = "A competitor statement"
    return Omission(section=place.section, what=what, reason=message, check=check)


def _row_omission(key: str, reason: tuple[str, str]) -> Omission:
    check, message = reason
    table, *_, last = key.split(":")
    what = {
        "people": "A row of the buying group",
        "products": "A row of the whitespace table",
        "milestones": "A milestone",
        "plays": "A play",
    }[table]
    if last == "contact":
        what = "The contact of a play"
    elif last == "before":
        what = "The date a play must precede"
    sections = {"people": "buying_group", "products": "whitespace"}
    return Omission.model_validate(
        {"section": sections.get(table, "plays"), "what": what, "reason": message, "check": check}
    )
