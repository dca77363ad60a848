"""The answer of a turn: a model's sentences or the tools' own, under the verifier."""

from __future__ import annotations

from agent.chat.answer_text import MOST_SENTENCES, claims_of
from agent.chat.checking import cited_ledger, judge, ledger_of
from agent.chat.context import ChatContext
from agent.chat.numbering import numbered
from agent.chat.routing import Routed
from agent.chat.state import Asked, ChatState, kept, results_of
from agent.chat.tool import Told
from agent.chat.untrusted import ECHOED, echoes
from agent.prompting import load_prompt
from agent.verifier.markup import is_plain
from domain.chat import Answer, Focus, ModelUse, Offer, Said
from domain.evidence import Evidence, Ledger
from domain.plan import Claim

WITHOUT_MODEL = "No language model was used: this is what the tools found, in their own words."
UNSUPPORTED = (
    "Nothing of what the model wrote could be supported. This is what the tools found, in "
    "their own words."
)
NOTHING_USABLE = (
    "The model gave no answer that could be used. Ask again in other words, or use a command "
    "such as `/why ACCOUNT` or `/week`."
)
CUT = "The first of them are shown. Ask for one thing, or use its command, to read all of it."
MOST_OFFERS = 4
MOST_ACCOUNTS = 5


def answer_of(state: ChatState, context: ChatContext, routed: Routed) -> Answer:
    """Make the turn's answer from what the tools found and what the model wrote of it."""
    asked = kept(context, Asked, state["asked_digest"])
    results = results_of(state, context)
    told = [result.told for result in results if result.told is not None]
    ledger = _ledger(context, told)
    written = context.records.fetch(state["text_digest"]) if state.get("text_digest") else ""
    said: tuple[Said, ...] = ()
    omissions: tuple[str, ...] = ()
    notes = [*state["notes"]]
    if written:
        shown = numbered(results)
        claims = claims_of(written, shown)
        own = [claim for claim in claims if not echoes(claim, shown)]
        said, omissions = judge(context, own, ledger)
        omissions = (*omissions, *[ECHOED] * (len(claims) - len(own)))
        if not said and told:
            notes.append(UNSUPPORTED)
    by_tools = not said
    if by_tools:
        own_words = _own_claims(told)
        if state["by_model"] and len(own_words) > MOST_SENTENCES:
            own_words = own_words[:MOST_SENTENCES]
            notes.append(CUT)
        said, struck = judge(context, own_words, ledger)
        omissions = (*omissions, *struck)
        if state["by_model"] and not said and not any(item.tables for item in told):
            notes.append(NOTHING_USABLE)
    notes += [note for item in told for note in item.notes]
    if said and by_tools and context.model is None:
        notes.append(WITHOUT_MODEL)
    tables = tuple(table for item in told for table in item.tables)
    in_tables = [cell.evidence_id for table in tables for row in table.rows for cell in row]
    rests_on = cited_ledger(ledger, said, [item for item in in_tables if item])
    root = ""
    if rests_on.entries:
        root = context.records.keep_ledger(
            rests_on, book_id=context.book.book_id, as_of=context.book.as_of
        )
    questions = [item.question for item in told if item.question]
    failures = [result.use.note for result in results if result.use.state == "failed"]
    if not state["by_model"]:
        # A model was told of failures and answers for itself; what it was asked is no question.
        notes += [] if told else failures
        questions += [routed.question] if routed.question else []
    return Answer(
        kind=_kind(told, said, questions, failures, routed),
        said=said,
        tables=tables,
        notes=tuple(dict.fromkeys([*questions, *notes])),
        omissions=tuple(omissions),
        offers=_offers(told, routed if not state["by_model"] else Routed()),
        artifacts=tuple(item for one in told for item in one.artifacts),
        uses=tuple(result.use for result in results),
        focus=_focus(asked.focus, told),
        ledger_root=root,
        label=state["label"],
        model=_model_use(state, context),
        book_id=context.book.book_id,
        as_of=context.book.as_of,
        currency=context.book.currency,
    )


def _ledger(context: ChatContext, told: list[Told]) -> Ledger:
    evidence: list[Evidence] = [item for one in told for item in one.evidence]
    texts = {key: text for one in told for key, text in one.texts.items()}
    return ledger_of(context, evidence, texts)


def _own_claims(told: list[Told]) -> list[Claim]:
    """The tools' claims one after the other; keys get the number of their tool in front."""
    claims = []
    for number, item in enumerate(told, start=1):
        for claim in item.claims:
            premises = [f"t{number}.{key}" for key in claim.premises]
            claims.append(
                claim.model_copy(update={"key": f"t{number}.{claim.key}", "premises": premises})
            )
    return claims


def _kind(
    told: list[Told], said: tuple[Said, ...], questions: list[str], failures: list[str],
    routed: Routed,
) -> str:  # fmt: skip
    if said or any(item.tables or item.artifacts for item in told):
        return "answer"
    if questions:
        return "question"
    if failures and not told:
        return "error"
    return "answer" if told else "help"


def _offers(told: list[Told], routed: Routed) -> tuple[Offer, ...]:
    found = [*routed.offers, *(offer for item in told for offer in item.offers)]
    most = max(MOST_OFFERS, len(routed.offers), *(len(item.offers) for item in told), 0)
    # A label holds names as the CRM has them: one with a link or markup gives way to its command.
    plain = [
        offer if is_plain(offer.label) else offer.model_copy(update={"label": offer.text})
        for offer in found
        if is_plain(offer.text)
    ]
    return tuple({offer.text: offer for offer in plain}.values())[:most]


def _focus(before: Focus, told: list[Told]) -> Focus:
    """What the thread is about now: what the tools spoke of, then what it was about before."""
    focus = before
    for item in told:
        new = item.focus
        accounts = tuple(dict.fromkeys((*new.accounts, *focus.accounts)))[:MOST_ACCOUNTS]
        given = {
            name: value
            for name in ("plan_id", "rep_id", "territory_id", "scenario_id", "since", "command")
            if (value := getattr(new, name))
        }
        focus = focus.model_copy(update={**given, "accounts": accounts})
    return focus


def _model_use(state: ChatState, context: ChatContext) -> ModelUse | None:
    if context.model is None or not state["model_calls"]:
        return None
    prompt = load_prompt("chat")
    return ModelUse(
        model=context.model.name,
        prompt=prompt.name,
        prompt_version=prompt.version,
        calls=state["model_calls"],
        input_tokens=state["input_tokens"],
        output_tokens=state["output_tokens"],
        cost=state["cost"],
    )
