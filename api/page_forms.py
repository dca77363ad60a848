"""What a page's forms send, read into the requests that the workspace takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, get_args

from fastapi import Depends, Request

from domain.decision import DecisionRequest, SectionVerdict, Verdict, Waiver
from domain.errors import InvalidInput
from domain.plan import SectionKey

SECTIONS: tuple[SectionKey, ...] = get_args(SectionKey)


async def form_fields(request: Request) -> dict[str, str]:
    """Return the text fields of a form; of a repeated field the last."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(form_fields)]


def decision_of(fields: Mapping[str, str]) -> DecisionRequest:
    """Read a decision from the review form.

    Fields are `verdict`, `reason`, `version`, `plan_hash`, per section `verdict.KEY` and
    `comment.KEY`, and per blocker `waiver.N.code`, `.claim` and `.reason`. Waivers belong
    to an approval and are dropped from a return.

    Raises
    ------
    InvalidInput
        When the form names no verdict.
    """
    verdict = fields.get("verdict", "")
    if verdict not in get_args(Verdict):
        raise InvalidInput(
            "The form names no verdict.", hint="Press one of the two buttons of the decision bar."
        )
    sections = tuple(
        SectionVerdict(
            section=key,
            verdict="approved" if chosen == "approved" else "change_requested",
            comment=fields.get(f"comment.{key}", "").strip() if chosen != "approved" else "",
        )
        for key in SECTIONS
        if (chosen := fields.get(f"verdict.{key}")) in {"approved", "change_requested"}
    )
    places = sorted(
        int(found[1])
        for name in fields
        if (found := re.fullmatch(r"waiver\.(\d{1,4})\.code", name))
    )
    waivers = tuple(
        Waiver(
            code=fields[f"waiver.{place}.code"],
            claim=fields.get(f"waiver.{place}.claim") or None,
            reason=reason,
        )
        for place in places
        if (reason := fields.get(f"waiver.{place}.reason", "").strip())
    )
    return DecisionRequest(
        version=number_of(fields, "version") or 0,
        verdict=verdict,
        reason=fields.get("reason", "").strip(),
        sections=sections,
        waivers=waivers if verdict == "approved" else (),
        plan_hash=fields.get("plan_hash") or None,
    )


def number_of(fields: Mapping[str, str], name: str) -> int | None:
    """Return a field as a whole number; None when it is not one."""
    value = fields.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def own_path(path: str) -> str:
    """Return a path of this server; anything that could lead elsewhere becomes the inbox."""
    return path if re.fullmatch(r"/(?![/\\])[\w/.-]*", path) else "/"
