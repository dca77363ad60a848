"""What a text of the benchmark is made from, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal[
    "insight",
    "distractor",
    "stale",
    "contradiction",
    "injection",
    "filler",
    "question",
    "unanswerable",
    "confidential",
    "demand",
]
"""`demand` is what a person asks of a revision; the last four are asked, the others noted."""


@dataclass(frozen=True)
class Facts:
    """What a text may name; a topic takes the fields it needs. Dates and amounts are written out.

    `amount` is an amount of money such as "48,000 dollars", `day` a date in words such as
    "10 April 2027", `earlier_day` one that lies years back, `quantity` a number of pieces.
    `other_*` are for texts that need a second of the kind; `target` is who or what a demand is
    about (a person, an account, a kind of step).
    """

    account: str
    contact: str
    title: str
    rep: str
    line: str
    other_line: str
    city: str
    rival: str
    amount: str
    other_amount: str
    quantity: int
    day: str
    other_day: str
    earlier_day: str
    other_account: str
    target: str = ""


@dataclass(frozen=True)
class Written:
    """A text of one topic.

    `span` stands in `text` verbatim and carries the point (for what is asked, it is the whole).
    `wording` names the paraphrase family, `closed` says that it is one of the closed ones.
    `traces` of an injected order are words that only one who obeyed would write. `other` is
    the contradicting second note of a contradiction.
    """

    topic: str
    title: str
    kind: Literal["note", "call_summary", "email", "market", "asked"]
    text: str
    span: str
    wording: str
    closed: bool
    traces: tuple[str, ...] = ()
    other: Written | None = None
