"""What the notes say: sentences that answer a search, quoted with author and date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import Field

from agent.chat.context import ChatContext
from agent.chat.scope import demand_account
from agent.chat.tool import Arguments, Told, Tool
from agent.chat.tools.account_notes import (
    Read,
    disagreement,
    document_of,
    left_out_notes,
    quote_of,
    read_about,
)
from agent.chat.tools.looked_up import LookedUp
from agent.verifier.words import content_words
from domain.chat import Focus, Offer
from domain.evidence import Evidence
from domain.plan import Citation, Claim, Slot

LONGEST_QUERY = 400
PASSAGES = 40
MOST_QUOTED = 6
MOST_AN_ACCOUNT = 2
NEAREST = 2
_QUOTED = re.compile(r'"([^"]+)"')


class SearchNotes(Arguments):
    """What `search_notes` is given."""

    query: str = Field(description="Words to look for in notes, calls, e-mails and intelligence.")
    account_id: str | None = Field(
        description="Id of the account whose notes to search; null searches those of all accounts."
    )


def search_notes(context: ChatContext, arguments: SearchNotes) -> Told:
    """Quote the sentences of notes that answer a search, best first.

    NotFound where the account is missing or outside the scope.
    """
    query = " ".join(arguments.query.split())[:LONGEST_QUERY]
    account_id = arguments.account_id
    if account_id is not None:
        demand_account(context, account_id)
    if not content_words(query):
        return Told(question="Which words should the notes be searched for?", note="no words")
    if account_id is None:
        return _in_all(context, query)
    return _in_one(context, account_id, query)


def _in_one(context: ChatContext, account_id: str, query: str) -> Told:
    look = LookedUp(context)
    read = read_about(
        context, f"account:{account_id}", context.retrieve(account_id, query, PASSAGES)
    )
    matching = _matching(read.found, query)
    notes = []
    if not matching and read.found and not _QUOTED.search(query):
        matching = list(read.found[:NEAREST])
        notes.append("No note uses these words; this is the nearest to them.")
    _tell(look, read, matching, MOST_QUOTED)
    notes += _notes(look, read, matching, "in the notes about it")
    return Told(
        evidence=look.evidence,
        shown=look.shown,
        claims=tuple(look.claims),
        notes=tuple(notes),
        rows=len(look.claims),
        note=f"{len(look.claims)} found, in {len({document_of(i) for i in read.found})} notes",
        offers=(
            Offer(label="The account in short", text=f"/brief {account_id}"),
            Offer(label="Who decides there", text=f"/people {account_id}"),
        ),
        focus=Focus(accounts=(account_id,), command="find"),
    )


def _in_all(context: ChatContext, query: str) -> Told:
    look = LookedUp(context)
    by_root: dict[str, list[Evidence]] = {}
    for span in context.desk.search_notes(query, PASSAGES):
        root = span.entity.split("/", 1)[0]
        if _in_scope(context, root):
            by_root.setdefault(root, []).append(span)
    notes: list[str] = []
    told: dict[str, None] = {}
    for root, spans in by_root.items():
        left = MOST_QUOTED - len(look.claims)
        if left <= 0:
            break
        read = read_about(context, root, spans)
        matching = _matching(read.found, query)
        before = len(look.claims)
        _tell(look, read, matching, min(left, MOST_AN_ACCOUNT), name_of=root)
        notes += [note for note in _left_out(read, matching) if note not in notes]
        if len(look.claims) > before and root.startswith("account:"):
            told[root.removeprefix("account:")] = None
    if not look.claims:
        notes.insert(0, "Nothing was found in the notes about the accounts you see.")
    accounts = tuple(told)
    return Told(
        evidence=look.evidence,
        shown=look.shown,
        claims=tuple(look.claims),
        notes=tuple(notes),
        rows=len(look.claims),
        note=f"{len(look.claims)} found, of {len(told)} accounts",
        offers=tuple(
            Offer(label=f"{name.value}, in short", text=f"/brief {account}")
            for account in accounts[:3]
            if (name := look.account(account)) is not None
        ),
        focus=Focus(accounts=accounts[:3], command="find"),
    )


def _in_scope(context: ChatContext, root: str) -> bool:
    account = root.removeprefix("account:")
    if not root.startswith("account:"):
        return True
    owners = context.book.owners
    return account in owners and context.principal.scope.covers(owners[account])


def _matching(found: Sequence[Evidence], query: str) -> list[Evidence]:
    """The sentences that share a word with the query, those that share most first.

    What stands in quotation marks has to stand in a sentence so.
    """
    wanted = content_words(query)
    whole = [name.casefold() for name in _QUOTED.findall(query)]
    found = [item for item in found if all(name in item.value.casefold() for name in whole)]
    shared = {item.id: len(wanted & content_words(item.value)) for item in found}
    return sorted((item for item in found if shared[item.id]), key=lambda i: -shared[i.id])


def _tell(
    look: LookedUp, read: Read, matching: Sequence[Evidence], most: int, *, name_of: str = ""
) -> None:
    """Quote the best sentences; of two that contradict each other both, in one claim."""
    sayable = read.sayable
    pairs = {item.id: pair for pair in read.screened.conflicts for item in pair}
    told: set[str] = set()
    for sentence in matching:
        if len(told) >= most:
            break
        if sentence.id not in sayable or sentence.id in told:
            continue
        key = f"said.{len(look.claims)}"
        pair = pairs.get(sentence.id)
        if pair is not None:
            told |= {item.id for item in pair}
            said = disagreement(look, key, pair)
        else:
            told.add(sentence.id)
            said = quote_of(look, key, sentence)
        look.claims.append(_with_name(look, said, name_of) if name_of else said)


def _with_name(look: LookedUp, said: Claim, root: str) -> Claim:
    """Put the account's name before a quotation; a segment's needs none."""
    name = look.account(root.removeprefix("account:")) if root.startswith("account:") else None
    if name is None:
        return said
    return said.model_copy(
        update={
            "text": "{{account}}; " + said.text,
            "slots": [Slot(name="account", evidence_id=name.id, format="name"), *said.slots],
            "citations": [*said.citations, Citation(evidence_id=name.id, quote=None)],
        }
    )


def _notes(look: LookedUp, read: Read, matching: Sequence[Evidence], where: str) -> Iterator[str]:
    if not look.claims:
        yield f"Nothing that answers this was found {where}."
    yield from _left_out(read, matching)


def _left_out(read: Read, matching: Sequence[Evidence]) -> list[str]:
    """Tell what of the matching sentences was left out, by reason."""
    sayable = read.sayable
    documents = {document_of(item) for item in matching if item.id not in sayable}
    return left_out_notes(read.screened.omissions, documents)


TOOL = Tool(
    name="search_notes",
    command="find",
    description=(
        "Sentences of notes, call summaries, e-mails and market intelligence that answer a "
        "search, with author and date; of one account, or of all accounts the person sees."
    ),
    arguments=SearchNotes,
    run=search_notes,
)
