"""Questions back: what is missing, what could be meant, and where people decide."""

from __future__ import annotations

from collections.abc import Sequence

from agent.chat.commands import offer_of
from agent.chat.context import ChatContext
from agent.chat.dates import Since
from agent.chat.names import NameIndex, Near
from agent.chat.offers import account_offers, best_accounts, called, period_offers, suggestions
from agent.chat.routed import Routed
from agent.chat.words import visible
from domain.chat import Offer

_SHOWN = 60
_LONGEST_OFFER = 1_000


def shown(typed: str) -> str:
    """Return what was typed, fit to be repeated in a sentence."""
    text = " ".join(visible(typed[: 4 * _SHOWN]).split()).replace("“", "'").replace("”", "'")
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"


def which_account(
    context: ChatContext, command: str, *, typed: str = "", near: Sequence[Near] = (),
    several: bool = False, after: str = "", direct: bool = False,
) -> Routed:  # fmt: skip
    """Ask which account is meant.

    `several` says that more than one is meant by `typed` about equally; otherwise `typed`
    names none among those the person sees. `after` is what follows the account's name.
    """
    accounts = [item.key for item in near] or list(best_accounts(context))
    if len(after) > _LONGEST_OFFER:
        # Half a remark would ask for something else: the person says it again.
        after = ""
    if several:
        question = f"“{shown(typed)}” can mean more than one account. Which one?"
    elif typed and near:
        question = f"There is no account “{shown(typed)}” among those you see. One of these?"
    elif typed:
        question = f"There is no account “{shown(typed)}” among those you see."
    elif accounts:
        question = "Which account do you mean?"
    else:
        question = "You see no accounts in this book."
    return Routed(
        direct=direct,
        question=question,
        offers=account_offers(context, accounts, command, after),
    )


def nobody(typed: str) -> str:
    """Say that a name is nobody's; the same words for what is missing and what is not seen."""
    return f"There is no account or contact “{shown(typed)}” among those you see."


def which_named(
    command: str, kind: str, typed: str, index: NameIndex, near: Sequence[Near], *,
    direct: bool = False, after: str = "",
) -> Routed:  # fmt: skip
    """Ask which rep, territory or scenario is meant; `typed` is none among those seen."""
    keys = [item.key for item in near] or list(index.named)[:3]
    return Routed(
        direct=direct,
        question=f"There is no {kind} “{shown(typed)}” among those you see.",
        offers=tuple(
            Offer(label=index.named[key].name, text=f"/{command} {key} {after}".strip())
            for key in keys[:4]
        ),
    )


def which_period(period: Since, command: str, *, direct: bool = False) -> Routed:
    """Ask for a period that can be read; `command` is the whole command without it."""
    return Routed(
        direct=direct,
        question=f"{period.problem}. From which day on?",
        offers=period_offers(period.choices, command),
    )


def which_plan(context: ChatContext, account: str, remark: str) -> Routed:
    """Ask whether a remark is meant for a plan, before it is drafted anew."""
    if not account:
        return which_account(context, "revise", after=remark, direct=True)
    name = called(context, account)
    remark = remark if len(remark) <= _LONGEST_OFFER else ""
    return Routed(
        direct=True,
        question=f"Is that meant for the plan of {shown(name)}? Nothing was drafted.",
        offers=(
            Offer(label=f"Revise the plan of {name}", text=f'/revise "{name}" {remark}'),
            Offer(label=f"See the plan of {name}", text=f"/plan {name}"),
        ),
    )


def people_decide(context: ChatContext, account: str, *, about: str) -> Routed:
    """Say that people decide this, and where; nothing is called."""
    offers = [Offer(label="See what waits for you", text="/inbox")]
    if account:
        name = called(context, account)
        offers.insert(0, Offer(label=f"Open the plan of {name}", text=f"/plan {name}"))
    if about == "assignment":
        question = (
            "Who owns an account is decided by people, on the page of a scenario. Nothing is "
            "moved from here."
        )
        offers.insert(0, Offer(label="See the scenarios", text="/scenario"))
    elif about == "sending":
        question = "Nothing is sent, booked or changed from here. A plan can be read and printed."
    else:
        question = (
            "People decide on plans, on the review page: open the plan and its link leads "
            "there. Nothing is decided from here."
        )
    return Routed(direct=True, question=question, offers=tuple(offers[:3]))


def nothing_typed(context: ChatContext) -> Routed:
    """Answer a message without a word."""
    return Routed(
        direct=True,
        question="There was nothing to read in that. Ask about an account, or type `/help`.",
        offers=suggestions(context),
    )


def nearest_commands(offers: Sequence[Offer], *, direct: bool = False) -> Routed:
    """Say that nothing came near enough, and offer the nearest."""
    return Routed(
        direct=direct,
        question="That could not be read as something to look up. Nearest to it:",
        offers=tuple(offers),
    )


HELD = (
    "of an account: its net spend over 12 months, its orders, its last order, the last contact, "
    "its open pipeline and its employees; of a deal: its amount and when it closes; of a contact: "
    "when they were last met; of a rep: how many accounts."
)


def not_held(context: ChatContext, account: str, *, deals: int | None = None) -> Routed:
    """Say that the book does not answer it, and which figures can be asked for.

    `deals` says how many open deals of the account are meant alike, where one is needed.
    """
    if deals:
        question = "More than one open deal there could be meant. Say what the deal is called."
    elif deals == 0:
        question = "No open deal there is on record."
    else:
        question = f"Nothing in the book was recognised as an answer. What can be asked: {HELD}"
    named = [offer_of(word, context, account) for word in ("brief", "people")] if account else []
    return Routed(
        question=question, offers=(*named, Offer(label="/help: what can be asked", text="/help"))
    )
