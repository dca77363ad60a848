"""What the `territory` and `review` commands share: waivers, exports, telling a version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.cli.door import Door
from api.cli.refusal import Refused
from api.cli.terminal import Terminal
from api.cli.verdicts import USAGE


def waivers_of(given: list[str], example: str) -> list[dict[str, str]]:
    """Read waivers written as CODE=REASON, or CODE/CLAIM=REASON for one claim."""
    found = []
    for item in given:
        key, equals, reason = item.partition("=")
        code, _, claim = key.strip().partition("/")
        if not equals or not code or not reason.strip():
            raise Refused(
                "wrong_usage",
                f"--waive {item!r} is not of the form CODE=REASON.",
                hint=f"For example: {example}",
                exit_code=USAGE,
            )
        found.append(
            {"code": code, "reason": reason.strip(), **({"claim": claim} if claim else {})}
        )
    return found


def send_decision(
    terminal: Terminal,
    door: Door,
    plan_id: str,
    *,
    version: int,
    plan_hash: str | None,
    verdict: str,
    reason: str,
    waivers: list[dict[str, str]],
) -> None:
    """Send a verdict and tell what was stored."""
    body: dict[str, Any] = {
        "version": version, "verdict": verdict, "reason": reason, "waivers": waivers,
    }  # fmt: skip
    if plan_hash is not None:
        body["plan_hash"] = plan_hash
    decision = door.post(f"/api/cycle/{plan_id}/decisions", body)
    if terminal.json:
        terminal.value(decision)
        return
    terminal.text(
        f"{plan_id} version {decision['subject_version']} is {decision['verdict']}: "
        f"decision {decision['decision_id']} by {decision['decided_by']}."
    )


def demand_format(format: str | None) -> None:
    """Refuse a format that no file is written in."""
    if format not in (None, "md", "json"):
        raise Refused(
            "wrong_usage",
            f"--format {format!r} is unknown.",
            hint="Write md or json.",
            exit_code=USAGE,
        )


def write_export(
    terminal: Terminal,
    door: Door,
    plan_id: str,
    *,
    format: str,
    version: int | None,
    draft: bool,
    output: Path | None,
) -> None:
    """Write the approved version, or a draft that was asked for, to a file or to stdout."""
    try:
        text, name = door.text(
            f"/api/cycle/{plan_id}/export", format=format, version=version, draft=draft or None
        )
    except Refused as refused:
        if refused.code == "approval_required" and "review" in refused.facts:
            refused.facts["review"] = door.address + refused.facts["review"]
            refused.hint = (
                f"Decide on it at {refused.facts['review']}\nOr export it as a draft: --draft"
            )
        raise
    if output is not None:
        output.write_text(text, encoding="utf-8")
        terminal.say(f"Wrote {output}.")
    if terminal.json:
        written = {"filename": name, "format": format, "written": str(output) if output else None}
        terminal.value(written if output else {**written, "text": text})
    elif output is None:
        terminal.text(text)


def tell_stored(terminal: Terminal, door: Door, stored: dict[str, Any]) -> None:
    """Say on stderr where a version that was just drafted waits, and what blocks it."""
    terminal.say(
        f"{stored['plan_id']} version {stored['version']}, {stored['title']}, "
        f"{stored['quarter']}: {stored['status'].replace('_', ' ')}."
    )
    page = f"{door.address}{stored['link']}"
    terminal.say(f"Decide on it: {page}" + ("" if door.served else "  (after `cadastre serve`)"))
