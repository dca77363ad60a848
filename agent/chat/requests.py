"""What a person asks to be done: a draft, a revision, or something only people decide.

Only an imperative or a request counts, in the person's own words: a question about a
draft, a condition that was ruled out, or words in quotation marks start nothing. Texts
are read as shapes: plain words in which names have become `ACCOUNT`, `REP` and the like.
"""

# A pattern on one line is easier to read than one that is broken up.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

Kind = Literal["draft", "revise", "decision", "assignment", "sending"]

_OPENERS = (
    r"(?:(?:please|pls|plz|kindly|ok|okay|right|great|good|perfect|fine|thanks|thank you|thx|yes|yep"
    r"|yeah|sure|no|hi|hey|hello|well|now|then|so|and|but|also|first|next|just|quickly|alright"
    r"|cadastre|hmm|actually|instead|maybe|ACCOUNT|REP"
    r"|go ahead and|go ahead|go on and|come on|lets|let|let us|let me have you"
    r"|(?:can|could|would|will) (?:you|we|i have you|i get you to|i ask you to)(?: please)?"
    r"(?: help me)?(?: to)?|would you mind|do you mind|be so kind(?: as)? to|feel free to"
    r"|(?:i|we) (?:d|would|want|need|like|wish)?(?: like| love| want| need)? ?(?:you|for you) to"
    r"|(?:id|wed) (?:like|love|want) (?:you|for you) to|i want you to|i need you to"
    r"|you (?:can|could|should|may|must|need to)|it s time to|its time to|time to|help me(?: to)?"
    r"|try to|try and|start by|begin by|make sure (?:to|you)|remember to|dont forget to) )*"
)
_TO_PLAN = (
    r"(?:me |us |up |out |together |again |off )*"
    r"(?:a |an |the |my |our |this |that |its |their |his |her |another |one |some )?"
    r"(?:[a-z0-9]+ ){0,4}?(?:ACCOUNT (?:s )?)?(?:account |sales |one page )?"
)
_DRAFT = re.compile(
    rf"^{_OPENERS}(?:"
    r"(?:draft|redraft)(?: |$)(?!status|says|looks|is |was |version |of the plan says)"
    rf"|(?:write|prepare|make|create|start|begin|build|generate|put together|do|produce|compose"
    rf"|get going on|get started on|work on|work up|work out|set up|sketch|outline|come up with"
    rf"|get|give|prep|whip up|knock up|throw together|propose|develop|kick off|have|rough out) {_TO_PLAN}"
    r"(?:plan|draft|one pager)(?: |$)"
    r"|(?:i|we) (?:really )?(?:need|want|d like|would like|could use|am going to need|must have)"
    r" (?:a|an|another|the first|one) (?:[a-z0-9]+ ){0,3}?(?:ACCOUNT )?(?:account )?(?:plan|draft)(?: |$)"
    r"|(?:id|wed) (?:like|love|want|need) (?:a|an|another) (?:[a-z0-9]+ ){0,3}?(?:ACCOUNT )?"
    r"(?:plan|draft)(?: |$)"
    r"|(?:new|first|fresh|another) (?:plan|draft) (?:for|of|on)(?: |$)"
    r"|(?:need|want|wanted|needed) (?:a|an|another|the first|one) (?:[a-z0-9]+ ){0,3}?(?:ACCOUNT )?"
    r"(?:account )?(?:plan|draft)(?: |$)"
    r")"
)
_SHOW = re.compile(
    rf"^{_OPENERS}(?:get|give|have|do|open|show)\b(?: me| us)? (?:the|its|their|my|our|that|this|his"
    r"|her|ACCOUNT(?: s)?) (?:[a-z]+ ){0,2}?(?:plan|draft)\b(?! for me)"
)
_OTHER_PLANS = re.compile(
    r"\b(?:my (?:week|day|route|trip|time|month|quarter|calendar)|the week|a week|week plan"
    r"|plan(?:s)? (?:my|the|our) (?:week|day))\b"
)
_STRONG = (
    r"(?:revise|rework|redo|rewrite|redraft|reword|amend|overhaul|refresh|re do|re draft|re write)"
)
_WEAK = (
    r"(?:update|adjust|edit|change|modify|shorten|tighten|trim|cut|reduce|lower|raise|increase"
    r"|extend|expand|lengthen|add|include|insert|mention|drop|remove|delete|take out|take|leave out"
    r"|leave|skip|exclude|replace|swap|use|base|focus|keep|limit|cap|make (?:it|this|that|them|the|everything|sure|each|all|less|more|fewer|shorter|longer|room|time)|fit|bring|move|put|get"
    r"|rephrase|simplify|correct|fix|try again|less|more|no more than|stick to|start with"
    r"|lead with|emphasise|emphasize|stress|quote|cite|have it|let it|squeeze|shrink|aim|target"
    r"|plan it|spread|split|work in|build in|bear in mind|consider|account for|allow|set|push"
    r"|say|tone|highlight|prioritise|prioritize|concentrate|omit|rather|not so|fewer|shorter|longer"
    r"|address|answer|reflect|incorporate|merge|combine|give it|pull|dial|scale|do it again)"
)
_PLAN_WORD = r"(?:plan|draft|play|plays|objective|section|sections|bullets|rationale|milestones?)"
_REVISE_STRONG = re.compile(rf"^{_OPENERS}{_STRONG}(?: |$)")
_REVISE_NAMED = re.compile(
    rf"^{_OPENERS}(?:dont |do not |never )?{_WEAK} (?:.* )?{_PLAN_WORD}(?: |$)"
)
_REVISE_ON = re.compile(
    rf"^{_OPENERS}(?:(?:dont |do not |never )?{_WEAK}(?: |$)"
    r"|(?:it|the plan|this plan|that plan|the draft|this|the plays|the objective)"
    r" (?:should|must|needs? to|has to|have to|ought to|may not|shouldnt|mustnt|cant|cannot)(?: |$)"
    r"|(?:i|we) (?:only |just )?have (?:only )?(?:[a-z0-9]+ )?(?:hours|hour|h)(?: |$)"
    r"|(?:its |it is |thats |that is |thats |still )?(?:far |much |way |a bit |still )?too (?:long|short|much|many|big"
    r"|ambitious|vague|expensive|late|early|thin|wordy)(?: |$)"
    r")"
)
_REVISE_SHOULD = re.compile(
    r"^(?:the plan|the draft|this plan|that plan|ACCOUNT plan|the plan for ACCOUNT) "
    r"(?:should|must|needs? to|has to|ought to)(?: |$)"
)
_NEVER = re.compile(
    r"\b(?:dont|do not|never|not to|without|no need to|stop|wont|shouldnt|should not|cannot|cant"
    r"|didnt|did not|havent|have not|hasnt|wasnt|instead of|rather than|before (?:i|we|you)"
    r"|before|avoid)"
    r"(?: [a-z]+)? (?:draft|drafting|redraft|revise|revising|rewrite|rewriting|write|writing"
    r"|plan|planning|a draft|any draft|the draft)\b"
)
_REVISE_ASKED = re.compile(
    r"^(?:and |but |so |ok )*(?:can|could) (?:it|this|that|the plan|they) (?:all )?"
    r"(?:be (?:done|made|cut|shortened|fitted|squeezed|trimmed|simpler|shorter|brought)|fit|start|end)\b"
)
_ASKS = re.compile(
    r"^(?:(?:and|but|so|ok|okay|well|hi|hey|hello|please|sorry|also|now|then|REP|ACCOUNT) )*"
    r"(?:what|whats|when|whens|who|whos|whom|whose|why|whys|how|hows|which|where|wheres|is|are|was"
    r"|were|am|did|does|do (?:i|we|they|you(?! mind))|has|have (?:i|we|they|you)|should|shall|may i"
    r"|might|must i|isnt|arent|didnt|doesnt|havent|hasnt"
    r"|(?:can|could|would|will) (?:it|that|this|the|he|she|they|ACCOUNT|REP|there)"
    r"|can i|could i|any|tell me|show me|remind me|explain|i wonder|im wondering|wondering"
    r"|do you (?:know|think|have|see)|have you|if)\b"
)
_DECISION = re.compile(
    rf"^{_OPENERS}(?:approve|reject|publish|sign off|sign it off|green ?light|accept|return|submit"
    r"|send back|send it back|send (?:the plan|the draft|that) back|override|waive|countersign|okay it|ok it|decline|release"
    r"|mark (?:[a-z]+ ){0,3}?(?:as )?(?:approved|done|rejected|returned|final))(?: |$)"
    r"(?!rate|rates)"
    r"|^(?:and |but |so |ok |now )*should (?:i|we) (?:approve|reject|accept|sign|return|publish|send)\b"
    r"|\b(?:decide|choose) (?:for me|for us)\b|\byou decide\b"
    r"|\b(?:can|could|will|would) (?:you|we) (?:approve|reject|publish|accept)\b"
)
_ASSIGNMENT = re.compile(
    rf"^{_OPENERS}(?:assign|reassign|re assign|unassign|transfer|hand over|hand|realign|reallocate"
    r"|redistribute|carve|allocate)(?: |$)"
    rf"|^{_OPENERS}(?:move|give|switch|swap|shift|put|take|pass|send) (?:[a-zA-Z0-9]+ ){{0,6}}?"
    r"(?:to|with|from|away from|off|into|over to|under) (?:[a-z]+ ){0,3}?(?:REP|TERRITORY|him|her|me|my book"
    r"|somebody else|someone else|another rep|his|the other rep|NAME)(?: |$)"
    rf"|^{_OPENERS}give (?:REP|him|her|NAME) (?:[a-zA-Z]+ ){{0,3}}?"
    r"(?:ACCOUNT|TERRITORY|NAME|accounts?|it|them)(?: |$)"
    rf"|^{_OPENERS}give me ACCOUNT(?: instead| too| back| as well| please)?$"
    rf"|^{_OPENERS}make (?:REP|me|him|her|NAME) (?:[a-z]+ ){{0,2}}?owner"
    r"|\b(?:who|which rep) (?:should|shall|ought to|will|is going to) (?:own|get|take|have|take over)\b"
    r"|\bshould (?:i|we) (?:move|assign|reassign|transfer|give|swap|hand)\b"
    r"|\bshould (?:ACCOUNT|it|they|this account) (?:go|move|be (?:moved|given|assigned))\b"
    rf"|^{_OPENERS}(?:rebalance|balance|redraw) (?:the |my |our |these |those )?"
    r"(?:territories|territory|team|accounts|books?|load|TERRITORY)(?: |$)"
    rf"|^{_OPENERS}(?:apply|adopt|commit|implement|activate) (?:the |this |that |my )?"
    r"(?:scenario|design|moves?|assignment|SCENARIO)"
    rf"|^{_OPENERS}(?:change|set) (?:the |its |their |ACCOUNT (?:s )?)?(?:[a-zA-Z]+ )?owner"
)
_SENDING = re.compile(
    rf"^{_OPENERS}(?:email|mail|e mail|forward|text|whatsapp|notify|ping|invite|schedule|book"
    r"|order|buy|delete|erase|archive|export|download|upload|import|remind (?:me|him|her|REP|us|them)"
    r"|log (?:a|the|my|this)|create (?:a |an |the )?(?:task|meeting|event|reminder|opportunity|contact)"
    r"|add (?:a |an |the )?(?:contact|meeting|task|reminder|note|opportunity)"
    r"|post|tweet|print|close (?:the )?(?:deal|opportunity))(?: |$)"
    rf"|^{_OPENERS}(?:send|share|write|message)(?: |$)(?!.*\b(?:plan|draft) (?:for|of) ACCOUNT)"
    r"(?=.*\b(?:to|email|mail|e mail|letter|message|them|him|her|with|REP|quote|invoice|offer|customer)\b)"
    rf"|^{_OPENERS}(?:call|phone|ring|dial|contact) (?:him|her|them|it|ACCOUNT|REP|the (?:customer"
    r"|buyer|owner|contact)|for me)(?: |$)"
    rf"|^{_OPENERS}(?:set|change|raise|lower|increase|reduce|edit|update|correct|fix|override|bump"
    r"|boost|promote|demote|upgrade|downgrade|make) (?:[a-zA-Z]+ ){0,4}?(?:tier|score|rank|ranking"
    r"|weights?|quota|rules?|coverage model|tier [a-d1-4]|potential|crm|phone number|address|email"
    r"|industry|price|discount)(?: |$)"
    rf"|^{_OPENERS}(?:promote|demote) "
    rf"|^{_OPENERS}make ACCOUNT (?!(?:fit|shorter|a plan|plan)\b)[a-z]"
)


PATTERNS = (
    _DRAFT, _SHOW, _REVISE_STRONG, _REVISE_NAMED, _REVISE_ON, _REVISE_SHOULD, _REVISE_ASKED,
    _ASKS, _DECISION, _ASSIGNMENT, _SENDING,
)  # fmt: skip
"""Every pattern above; their words are everyday words."""


class Request(NamedTuple):
    """What is asked for, and in which clause of the text."""

    kind: Kind
    clause: int


def request_of(clauses: Sequence[str], *, on_a_plan: bool) -> Request | None:
    """Return what the person asks to be done, or None.

    Parameters
    ----------
    clauses
        The shape of each clause, in order; quoted passages are left out.
    on_a_plan
        Whether the thread is about a plan just now, so that "make it shorter" means it.
    """
    for number, clause in enumerate(clauses):
        kind = _kind(clause, on_a_plan=on_a_plan, asked=_asked_before(clauses[:number]))
        if kind is not None:
            return Request(kind, number)
    return None


def _asked_before(clauses: Sequence[str]) -> bool:
    """Say whether an earlier clause is a question that this one may still belong to."""
    return bool(clauses) and any(_ASKS.match(clause) for clause in clauses)


def _kind(clause: str, *, on_a_plan: bool, asked: bool) -> Kind | None:
    if _ASSIGNMENT.search(clause):
        return "assignment"
    if _DECISION.search(clause):
        return "decision"
    if on_a_plan and _REVISE_ASKED.match(clause):
        return "revise"
    if _NEVER.search(clause) or _ASKS.match(clause):
        return None
    if not _OTHER_PLANS.search(clause):
        if _REVISE_STRONG.match(clause):
            return "revise"
        if _DRAFT.match(clause) and not _SHOW.match(clause):
            return "draft"
        if not asked and _REVISE_NAMED.match(clause) and not _SENDING.match(clause):
            return "revise"
        if not asked and _REVISE_SHOULD.match(clause):
            return "revise"
    if _SENDING.match(clause):
        return "sending"
    if on_a_plan and not asked and _REVISE_ON.match(clause):
        return "revise"
    return None
