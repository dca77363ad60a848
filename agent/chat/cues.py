"""Which command a sentence comes near: cues and their weights, over shapes.

A shape is the plain words of a text in which names have become `ACCOUNT`, `REP`,
`TERRITORY`, `SEGMENT`, `LINE` and `PERIOD`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Cue = tuple[str, float]

_CUES: Mapping[str, tuple[Cue, ...]] = {
    "why": (
        (r"\bwhy(?:s)?\b", 3.0),
        (r"\b(?:explain|reasons?|how come|what makes|justif\w+|rationale|what speaks)\b", 2.5),
        (r"\b(?:score[sd]?|scoring|rank(?:s|ed|ing)?|tier(?:s|ed)?|priorit\w+|grade|points)\b", 1.6),
        (r"\b(?:deserve|worth|matters?|important|so (?:low|high)|above|below)\b", 0.8),
        (r"\b(?:behind|made up|made of|add up|parts? of|drives?|driving|break ?down)\b", 1.4),
        (r"\bhow (?:is|are|was) .*\b(?:scored|ranked|rated|tiered)\b", 1.6),
        (r"\b(?:what|which) (?:tier|rank|score)\b", 1.4),
    ),
    "week": (
        (r"\b(?:this|next|my|the|s|REP) week\b", 2.0),
        (r"\bweek\b", 0.6),
        (r"\b(?:today|tomorrow|monday|morning)\b", 1.2),
        (r"\b(?:who|which|what|where)(?: \w+)? (?:should|shall|do|must|can|could|to) (?:i|we|REP|he|she|they)?\b"
         r".*\b(?:call|visit|see|contact|focus|start|begin|go|spend|work|chase|tackle|do|ring|phone|drive|prioriti[sz]e|look at|meet|touch|first|next)\b", 2.4),
        (r"\bdeserves?\b", 2.0),
        (r"\b(?:which|what|my|best|top|most \w+|hottest|key|biggest) accounts\b", 1.3),
        (r"\b(?:focus on|spend (?:my|our|his|her|the) (?:time|hours|days?)|priorit\w+|to do|todo|next steps?|worth (?:a|my) (?:visit|call|time)|call list|agenda|call on|attention)\b", 1.5),
        (r"\bwhere (?:do|should|to) (?:i|we)?\b", 1.0),
        (r"\bplan (?:my|the|our|REP|his|her) (?:week|day|route|visits)\b", 2.5),
        (r"\b(?:rank|list|show|give)\w* .*\baccounts\b", 1.0),
    ),
    "compare": (
        (r"\bcompar\w+\b", 3.0),
        (r"\b(?:versus|vs|side by side|difference between|differ|differences?|contrast)\b", 2.5),
        (r"\bACCOUNT\b.*\b(?:or|than|against|over|instead of|rather than|above|ahead of|before)\b.*\b(?:ACCOUNT|IT|OTHER)\b", 2.2),
        (r"\b(?:IT|OTHER)\b.*\b(?:or|than|against|over|instead of|rather than|above|ahead of|before)\b.*\b(?:ACCOUNT|OTHER)\b", 2.2),
        (r"\b(?:better|bigger|stronger|worse|smaller|more|higher|lower) .*\bthan\b", 1.4),
        (r"\bwhich (?:of (?:the|these|those) two|one|is|of them|of both)\b", 1.2),
        (r"\bACCOUNT and ACCOUNT\b", 1.2),
        (r"\bhow (?:does|do|is|would) .*\b(?:stack up|compare|measure up|fare)\b", 2.0),
    ),
    "changed": (
        (r"\bchang(?:e|es|ed|ing)\b", 2.6),
        (r"\b(?:whats|what is|what s|anything|something|any|is there anything) (?:\w+ )?new\b", 2.4),
        (r"\bnews?\b", 1.0),
        (r"\b(?:happen(?:ed|ing|s)?|moved|moving|movement|movers|shift(?:ed|s)?|differen(?:t|ce))\b", 1.7),
        (r"\b(?:dropped|fallen|fell|risen|rose|gained|lost|slipped|climbed|grew|grown|declined|went (?:up|down)|gone (?:up|down)|improved|worsened|up or down|winners|losers)\b", 1.6),
        (r"\bPERIOD\b", 1.4),
        (r"\b(?:since|lately|recently|update me|catch me up|whats up|developments?|so far)\b", 1.3),
    ),
    "whitespace": (
        (r"\bwhite ?space\b|\bwhite space\b", 3.2),
        (r"\b(?:cross ?sell\w*|cross sell\w*|upsell\w*|up sell\w*|untapped|gaps?|headroom|upside)\b", 2.3),
        (r"\b(?:dont|doesnt|does not|do not|arent|isnt|not|never|havent|hasnt|without|yet to)\b.{0,30}\b(?:buy|buying|bought|purchas\w+|order\w*|stock\w*|carry|take|taking|own|have)\b", 2.4),
        (r"\b(?:could|should|might|would|can|else)\b.{0,20}\b(?:buy|sell|order|take|stock|purchase|offer)\b", 2.0),
        (r"\b(?:sell|selling|sold|offer|pitch)\b", 1.0),
        (r"\b(?:missing|open potential|potential for|opportunit\w+|room for|room to grow|expand|grow(?:th)?)\b", 1.2),
        (r"\b(?:LINE)\b", 1.5),
        (r"\bSEGMENT\b", 1.0),
        (r"\b(?:buy|buys|buying|bought|purchases?)\b", 0.8),
        (r"\b(?:lines?|products?|categor\w+)\b", 0.8),
    ),
    "scenario": (
        (r"\bscenarios?\b", 3.2),
        (r"\bSCENARIO\b", 3.0),
        (r"\b(?:what if|rebalanc\w+|balanc\w+|realign\w*|redraw\w*|redesign\w*|territory (?:design|changes?|moves?|plan)|carve|fair(?:er|ness)?)\b", 1.9),
        (r"\b(?:designs?|proposals?|moves|change list|reassign\w+|who owns what|swap|spread)\b", 1.3),
    ),
    "find": (
        (r"\b(?:find|search|look (?:up|for)|looking for|locate|dig up)\b", 2.6),
        (r"\b(?:mention(?:s|ed|ing)?|notes?|emails?|e mails?|call summar\w+|quotes?|wrote|written)\b", 1.9),
        (r"\b(?:say|says|said|saying|told|talk(?:s|ed|ing)?|complain\w*|ask(?:s|ed|ing)|heard?|report\w*|comment\w*)\b.*\b(?:about|of|on|for|that)\b", 1.7),
        (r"\b(?:who|anyone|anybody|which accounts?|someone|somebody|any(?: \w+)?) (?:\w+ )?(?:mention\w*|said|says|complain\w*|talk\w*|ask\w*|want\w*|wrote|speak\w*)\b", 1.8),
        (r"\b(?:where (?:did|do|was|is) (?:we|i|it|they|somebody|someone)|anything (?:about|on)|any (?:mention|word|trace|notes?|evidence)|(?:is|was) there (?:a|any|anything) (?:note|mention|word|email|about|on))\b", 1.4),
    ),
    "plan": (
        (r"\b(?:the|a|its|their|our|my|ACCOUNT|ACCOUNT s|approved|current|latest|last|old|open|see|show|that|this|account|returned|any|no) (?:account )?plans?\b", 2.2),
        (r"\bplan(?:s|ned)?\b", 0.9),
        (r"\bdraft(?:s|ed)?\b", 1.3),
        (r"\b(?:objective|plays|milestones?|review page|version|returned|came back|sent back)\b", 1.3),
        (r"\b(?:what|whats|does|did) .*\bplan (?:say|for|with|about|look|contain|aim)\b", 0.8),
        (r"\b(?:status|state) of .*\bplan\b", 1.0),
    ),
    "people": (
        (r"\bcontacts?\b", 2.2),
        (r"\b(?:people|buying (?:group|center|centre|committee)|stakeholders?|champions?|sponsors?|decision ?makers?|decision makers?|decisionmakers?|buyers?|gatekeepers?|blockers?|influencers?|relationships?|org chart|roles?)\b", 2.3),
        (r"\bwho (?:\w+ )?(?:do|does|did|have|has) (?:we|i|he|she|they|REP)\b.*\b(?:know|knows|met|meet|talk\w*|speak\w*|deal\w*)\b", 2.6),
        (r"\bwho (?:is|are|s|decides?|signs?|buys?|runs?|makes?|holds?|can|should i (?:talk|speak|ask))\b", 1.5),
        (r"\bwhos\b", 1.3),
        (r"\bwho\b.*\b(?:at|there|inside|in charge|over there)\b", 1.2),
        (r"\b(?:whom|talk to|speak (?:to|with)|ask for|reach out)\b", 1.0),
        (r"\b(?:met|know anybody|know anyone|know somebody|access)\b", 1.0),
    ),
    "brief": (
        (r"\b(?:brief(?:ing)?|overview|background|profile|fact sheet|snapshot|summar\w+|in short|in a nutshell|the gist|rundown|run down|lowdown)\b", 2.6),
        (r"\b(?:tell me (?:more )?about|know about|what about|catch me up on|prep(?:are)? me|get me ready|talk me through|walk me through|fill me in|how about|introduce)\b", 2.0),
        (r"\bwho (?:is|are) ACCOUNT\b", 1.6),
        (r"\bwhat (?:is|are|do|does|s) (?:we know )?(?:about )?ACCOUNT\b", 1.2),
        (r"\bhow (?:is|are|s) (?:ACCOUNT|IT) (?:doing|going|looking)\b", 2.0),
        (r"\b(?:status|state|standing|situation|where do we stand|where are we)\b", 1.3),
    ),
    "load": (
        (r"\b(?:workload|work load|capacity|overload\w*|over ?booked|over ?loaded|utili[sz]ation|bandwidth|stretched|swamped|underwater)\b", 2.8),
        (r"\bload(?:ed|s)?\b", 2.2),
        (r"\bhours?\b", 1.6),
        (r"\b(?:busy|busiest|free time|time left|spare|slack|enough time|too much|too many accounts|room (?:for|left|in)|have time|has time|keep up|manage (?:it|that|all)|calendar|full|hours left|coping)\b", 1.6),
        (r"\b(?:how much time|how many hours|time do i have|can (?:i|we|he|she|REP) (?:fit|take|handle|cope|manage))\b", 2.0),
        (r"\bREP\b", 0.4),
    ),
    "inbox": (
        (r"\b(?:inbox|in box|in tray|queue|to ?dos?)\b", 3.0),
        (r"\b(?:wait(?:s|ing)?|pending|outstanding|overdue|due|awaiting|unanswered|undecided)\b", 2.2),
        (r"\b(?:to|for me to|need to|must|should|have to|can) (?:i )?(?:approve|review|decide|sign)\b", 2.2),
        (r"\b(?:approvals?|reviews?|decisions?|sign ?off)\b", 1.4),
        (r"\b(?:returned|came back|come back|sent back|bounced)\b", 1.5),
        (r"\b(?:my desk|on my plate|for me|from me|my (?:attention|decision|approval|review)|need(?:s)? (?:me|my)|on my table)\b", 1.5),
    ),
    "help": (
        (r"\bhelp\b", 2.6),
        (r"\b(?:what|which)(?: \w+)? (?:can|could|do) (?:you|i|this|it|we) (?:do|ask|say|type|answer|offer)\b", 3.4),
        (r"\b(?:commands?|how does (?:this|it) work|how do (?:i|you) use|what are you|who are you|instructions?|manual|tutorial|how (?:do|can) i (?:ask|start|use))\b", 2.6),
    ),
}  # fmt: skip

_COMPILED = {
    command: tuple((re.compile(pattern), weight) for pattern, weight in cues)
    for command, cues in _CUES.items()
}


def cue_scores(shape: str) -> dict[str, float]:
    """Return how strongly a shape speaks for each command; 0 where no cue does."""
    return {
        command: sum(weight for cue, weight in cues if cue.search(shape))
        for command, cues in _COMPILED.items()
    }
