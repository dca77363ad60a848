"""Scripted models behind the in-repo endpoint: chat by behaviour, plans by the embedded writer.

The drafts of plans that the endpoint gives are the embedded writer's, so that a plan run
works with the same server; nothing here is a language model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from agent import gather
from agent.context import Brief, PlanningContext
from agent.embedded_writer import EmbeddedWriter
from domain.period import planning_period
from domain.record import canonical_json
from eval.adversaries.model_server import Policy
from eval.adversaries.model_wire import AskedCall, ModelAnswer
from eval.chat.models import BEHAVIOURS
from eval.chat.request import read_request
from tools.selling_time import rep_row

Drafts = Callable[[str], str]
"""From an account's id to the JSON of a draft."""
_ACCOUNT = re.compile(r"\AAccount: (\{.*\})$", re.MULTILINE)


def competent_policy(drafts: Drafts | None = None) -> Policy:
    """Return the good model; see `policy`."""
    return policy("competent", drafts)


def policy(name: str, drafts: Drafts | None = None) -> Policy:
    """Return a behaviour of `eval.chat.models` as the endpoint's policy.

    A request for a plan is answered by `drafts`; without it the endpoint refuses, and the
    product drafts with its own writer and says so. Any other request is answered `ok`.
    """
    behaviour = BEHAVIOURS[name]

    def play(request: dict[str, Any]) -> ModelAnswer:
        account = _planned(request)
        if account is not None:
            if drafts is None:
                return ModelAnswer(refusal="This scripted endpoint drafts no plans.")
            return ModelAnswer(drafts(account))
        try:
            read = read_request(request)
        except (ValueError, KeyError, IndexError):
            return ModelAnswer("ok")
        reply = behaviour(read)
        calls = tuple(AskedCall(call.name, call.arguments, call.call_id) for call in reply.calls)
        return ModelAnswer(reply.text, calls)

    return play


def embedded_drafts(context: PlanningContext) -> Drafts:
    """Return what drafts an account's plan by rule, over the ledger a run would gather."""

    def draft(account_id: str) -> str:
        book, coverage = context.book, context.coverage
        period = planning_period(book.as_of, coverage.planning.period_days)
        owner = str(book.owners[account_id])
        tier = coverage.tier(context.analyses.tiers.of(account_id))
        brief = Brief(
            account_id=account_id,
            account_name=str(book.account(account_id)["name"]),
            owner_id=owner,
            owner_name=str(rep_row(book, owner)["name"]),
            tier=tier.key,
            depth=tier.plan,
            period=period,
            as_of=book.as_of,
            currency=book.currency,
            ledger=gather.gather(context, account_id, period),
            coverage=coverage,
        )
        return canonical_json(EmbeddedWriter().write(brief).draft)

    return draft


def _planned(request: Mapping[str, Any]) -> str | None:
    messages = request.get("messages") or [{}]
    for message in messages:
        found = _ACCOUNT.search(str(message.get("content") or ""))
        if found and message.get("role") == "user":
            return str(json.loads(found.group(1))["id"])
    return None
