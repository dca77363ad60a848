"""Which command a sentence comes near: cues and their weights, over shapes.

A shape is the plain words of a text in which names have become `ACCOUNT`, `REP`,
`TERRITORY`, `SEGMENT`, `LINE` and `PERIOD`.
"""

# A pattern on one line is easier to read than one that is broken up.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Mapping

Cue = tuple[str, float]

_WE = r"(?:i|we|you|they|he|she|REP|someone|one)"
CUES: Mapping[str, tuple[Cue, ...]] = {
    "why": (
        (r"\bwhys?\b(?! not (?:just )?(?:draft|plan))", 2.6),
        (r"^(?:and |but |so |ok )*why\b", 0.8),
        (r"\b(?:explain|explained|explains|reasons?|reasoning|how come|what makes|justif\w+|rationale|what speaks|argument|because of what|account for)\b", 2.4),
        (r"\b(?:score[sd]?|scoring|rank(?:s|ed|ing)?|tier(?:s|ed)?|grade[sd]?|rating|rated)\b", 1.6),
        (r"\b(?:points?|position)\b", 1.0),
        (r"\b(?:worth it|matters?|important|interesting|so (?:low|high|far|good|bad|special)|above|below|up there|down there|that (?:low|high)|at the (?:top|bottom))\b", 0.9),
        (r"\bwhat(?: is|s)? behind\b", 1.6),
        (r"\b(?:made up of|made of|add(?:s|ed)? up|(?:which|what|the|its|all) (?:parts|factors|components|inputs)|(?:consists?|composed) of|drives?|driving|break(?:s)? ?down|come(?:s)? from|came from|get (?:to )?(?:that|this|the)|go(?:es)? into)\b", 1.5),
        (r"\bhow (?:is|are|was|were|did|do|does) .*\b(?:scored|ranked|rated|tiered|calculated|computed|worked out|get to|arrive at|come (?:to|up))\b", 2.0),
        (r"\bhow (?:good|attractive|strong|important|valuable|promising) is\b", 1.9),
        (r"\b(?:what|which) (?:tier|rank|score)\b", 1.0),
        (r"\bhow (?:did|does|do|has|have|is|come) (?:ACCOUNT|it|this|they)\b.*\b(?:end up|get|got|become|became|top|bottom|here|there|that)\b", 1.5),
        (r"\bthe case for\b|\bin favou?r of\b|\bpros and cons\b", 2.2),
        (r"\b(?:should|shall|do|would|must|need) (?:i|we) (?:really |even |still |to )*(?:bother|care|care about|visit|call|see|invest|go after|pursue|drop|worry|prioriti[sz]e|put time)\b.*\b(?:ACCOUNT|IT|OTHER|it|them|there|this)\b", 2.2),
        (r"\b(?:is|are) (?:ACCOUNT|it|they|this one|this account) (?:really |even |still )?(?:worth|important|any good|a good|interesting)\b", 2.0),
        (r"\b(?:lift|raise|improve|increase|push up|bring up|change) .*(?:ACCOUNT|score|rank|tier|it)\b|\bwhat would (?:change|lift|raise|improve|it take)\b|\bwhat (?:holds|keeps|drags) (?:ACCOUNT|it|them)\b", 1.9),
    ),
    "week": (
        (r"\b(?:this|next|my|the|s|REP|coming) week\b|\bweeks? (?:plan|list|priorities)\b", 1.9),
        (r"\bweek\b", 0.5),
        (r"\b(?:today|tomorrow|monday|tuesday|wednesday|thursday|friday|this (?:morning|afternoon)|right now|until friday|now)\b", 0.8),
        (rf"\b(?:who|whom|which|what|where)(?: \w+){{0,3}} (?:should|shall|do|does|must|can|could|ought|would|to|need) ?(?:to )?{_WE}\b"
         r".*\b(?:call|visit|see|contact|focus|start|begin|go|spend|work|chase|tackle|do|ring|phone|drive|prioriti[sz]e|look at|meet|touch|first|next|concentrate|attend|put|turn)\b", 2.3),
        (r"\b(?:who|where|what|which|whom)(?: accounts?| one| customers?)? to (?:call|visit|see|go|work|chase|do|start|focus|spend|ring|phone|meet|tackle)\b", 2.3),
        (r"\bdeserves?\b", 2.0),
        (r"\b(?:best|top|most \w+|hottest|key|biggest|first|next|five|ten|three|few|\d+) (?:\w+ )?(?:accounts|customers)\b", 1.7),
        (r"\bneeds? (?:a |my |our |the )?(?:most )?(?:visit|call|attention|time)\b|\btime (?:is )?best spent\b|\bbest spent\b", 1.7),
        (r"\b(?:which|what) (?:\w+ )?(?:accounts|customers)\b", 0.8),
        (r"\b(?:focus on|spend (?:my|our|his|her|the) (?:time|hours|days?)|(?:best )?use of (?:my|our|the) (?:time|hours|week)|priorit\w+|next steps?|worth (?:a|my) (?:visit|call|time)|call list|to ?do list|hit list|shortlist|agenda|call on|attention|recommend\w*|suggest\w*|advise|route|matters? most)\b", 1.5),
        (r"\b(?:list|show|rank|order|sort)\b(?: me)? (?:all )?(?:of )?(?:my|our|the|REP) (?:s )?accounts\b", 1.6),
        (r"\b(?:accounts|customers)\b.*\b(?:work on|look after|visit|call|see|this week|today|matters? most|first)\b", 1.2),
        (r"\b(?:my|the|REP|his|her|our) (?:\w+ )?(?:list|ranking|ranked list|top (?:five|ten|\d+)|priorities|day|route)\b", 1.4),
        (r"\bwhats? (?:is )?(?:up )?(?:next|on)\b|\b(?:what|who) (?:is |comes |do i do |do we do )?(?:next|first)\b|\bup next\b", 2.0),
        (r"\bwhere (?:do|should|to|shall|must|can) ?(?:i|we)?\b", 1.0),
        (r"\bplan (?:my|the|our|REP|his|her) (?:week|day|route|visits)\b", 2.5),
        (r"\b(?:rank|list|show|give|name)\b.*\b(?:accounts|list)\b", 1.0),
        (r"\b(?:call|visit|see|chase) (?:next|first|today|this week)\b", 1.2),
    ),
    "compare": (
        (r"\bcompar\w+\b", 3.0),
        (r"\bcompar\w+ (?:to|with) (?:its|their|the|his|her|other|similar) (?:peers?|others|like)\b", -2.2),
        (r"\b(?:versus|vs|side by side|difference between|differ|differences?|contrast)\b", 2.4),
        (r"\b(?:ACCOUNT|NAME)\b.*\b(?:or|than|against|over|instead of|rather than|above|ahead of|before)\b.*\b(?:ACCOUNT|NAME|it|this one|that one|the other)\b", 2.2),
        (r"\b(?:it|this one|that one|the other)\b.*\b(?:or|than|against|over|instead of|rather than|above|ahead of|before)\b.*\b(?:ACCOUNT|NAME|the other)\b", 2.0),
        (r"\b(?:better|bigger|stronger|worse|smaller|more|higher|lower|larger) .*\bthan\b", 1.4),
        (r"\bwhich (?:of (?:the|these|those) (?:two|both)|one|of them|of both|is (?:better|bigger|worth|stronger|the))\b|\bthe (?:better|bigger|stronger) (?:one|of)\b", 1.6),
        (r"\bACCOUNT or (?:ACCOUNT|NAME)\b|\bNAME or ACCOUNT\b", 1.6),
        (r"\b(?:ACCOUNT|NAME) and (?:ACCOUNT|NAME)\b", 1.2),
        (r"\bboth\b|\bthe two\b", 1.0),
        (r"\bhow (?:does|do|is|would) .*\b(?:stack up|measure up|fare|hold up)\b", 2.0),
        (r"\bput .*\b(?:against|next to|beside)\b", 1.6),
    ),
    "changed": (
        (r"\bchang(?:e|es|ed|ing)\b", 2.5),
        (r"\b(?:would|should|could|must|can|to) (?:\w+ ){0,3}change\b", -1.6),
        (r"\b(?:whats|what is|what s|what|anything|something|any|is there anything|all that is) (?:is )?new\b", 2.4),
        (r"\bnews?\b", 1.2),
        (r"\b(?:happen(?:ed|ing|s)?|moved|movement|movers|shift(?:ed|s)?|going on|been up to|developed|turned)\b", 1.8),
        (r"\bmoves?\b|\bdifferent\b", 0.7),
        (r"\b(?:dropped|fallen|fell|risen|rose|gained|lost|slipped|climbed|grew|grown|declined|went (?:up|down)|gone (?:up|down|quiet|cold)|go (?:up|down)|improved|worsened|up or down|winners|losers|deteriorated|up|down)\b", 1.3),
        (r"\bPERIOD\b", 1.3),
        (r"\b(?:since|lately|recently|developments?|so far|compared (?:to|with) (?:last|before|the))\b", 1.3),
        (r"\b(?:update me|catch me up|up to date|up to speed|whats up (?:at|with|in)|did i miss|have i missed|whats the latest|the latest|was i away|recap)\b", 1.9),
    ),
    "whitespace": (
        (r"\bwhite ?spaces?\b", 3.4),
        (r"\b(?:cross ?sell\w*|upsell\w*|up sell\w*|untapped|gaps?|headroom|upside|unreached|unserved|underserved|penetrat\w+)\b", 2.4),
        (r"\b(?:dont|doesnt|does not|do not|arent|isnt|not|never|havent|hasnt|without|yet to|nothing|nobody|who|no)\b.{0,30}\b(?:buy|buys|buying|bought|purchas\w+|stock\w*|carry|carries|orders?|takes?)\b", 1.9),
        (r"\b(?:buy|buys|buying|bought|order|orders|ordered|take|takes|stock|stocks|carry|carries|have|has|purchase\w*) (?:no|none|too few|too little|hardly any|not enough|without|little|few|hardly)\b", 2.1),
        (r"\b(?:could|should|might|would|can|else|more|to)\b.{0,20}\b(?:buy|sell|stock|purchase|offer|pitch)\b", 2.0),
        (r"\b(?:what|which) (?:else|more|other|lines?|products?|categor\w+)\b", 1.2),
        (r"\b(?:sell|selling|sold|offer|pitch)\b", 0.8),
        (r"\b(?:missing|miss out|missed|open (?:potential|business|revenue|spend|money)|potential|opportunit\w+|room (?:for|to grow)|expand|expansion|grow(?:th)?|left on the table|leave on the table|leaving on the table|share of wallet|wallet|is open|reach(?:ed)? least|least reached|not (?:yet )?(?:reached|covered|served))\b", 1.5),
        (r"\bLINE\b", 1.7),
        (r"\bSEGMENT\b", 1.3),
        (r"\b(?:buy|buys|buying|bought|purchases?)\b", 0.8),
        (r"\b(?:lines?|products?|categor\w+|segments?|market|peers?|similar (?:shops|accounts|customers))\b", 0.9),
        (r"\bcompanies\b.*\bmarket\b|\bmarket\b.*\bcompanies\b|\bprospects?\b", 1.2),
    ),
    "scenario": (
        (r"\bscenarios?\b", 3.4),
        (r"\bSCENARIO\b", 3.0),
        (r"\b(?:rebalanc\w+|realign\w*|redraw\w*|redesign\w*|redistribut\w+|territory (?:design|changes?|moves?|plans?|planning|balance)|carve ?up|design(?:s|ed)?|re ?assign\w*|reorgani[sz]\w+|disruption)\b", 2.4),
        (r"\b(?:what if|balanc\w+|spread|change list|who owns what|new (?:territor\w+|split|cut|map|assignment))\b", 1.6),
        (r"\b(?:proposals?|proposed|proposes?|suggested)\b", 1.2),
        (r"\b(?:swaps?|moves?|moved)\b", 1.2),
        (r"\bfair(?:er|ness|ly)?\b|\bbefore and after\b", 1.6),
        (r"\b(?:lose|losing|keep|keeping|get|give up|take over|hand over|moving|affected?|touch(?:es)?) (?:\w+ ){0,3}accounts?\b", 1.4),
        (r"\bTERRITORY and TERRITORY\b|\bterritories\b", 1.1),
    ),
    "find": (
        (r"^(?:please |can you |could you |ok |and |now )*(?:find|search|look (?:up|for)|locate|dig up)\b", 3.2),
        (r"\b(?:find|search(?:ing)?|look(?:ed)? (?:up)|(?:im|am|are|we are|i was) looking for|locate|dig up|dig out)\b", 1.8),
        (r"\b(?:mention(?:s|ed|ing)?|notes?|emails?|e mails?|call summar\w+|quotes?|wrote|written|write about|letters?|minutes|documents?|transcripts?|protocols?|reports?)\b", 2.0),
        (r"\b(?:say|says|said|saying|told|talk(?:s|ed|ing)?|complain\w*|ask(?:s|ed|ing)?|heard?|hear|report\w*|comment\w*|speaks?|spoke|think|thinks|thought|discuss\w*|promis\w+|agreed?|offered|request\w*|write|writes)\b.*\b(?:about|of|on|for|that|with|a|the|us|any|to)\b", 1.9),
        (r"\b(?:who|whos|anyone|anybody|which accounts?|which customers?|someone|somebody|has anyone|did anyone|customers?|accounts?|any(?: \w+)?|they|he|she|REP|PERSON) (?:\w+ ){0,2}(?:mention\w*|said|says|complain\w*|talk\w*|ask(?:s|ed|ing)|want(?:s|ed)|wrote|written|spoke|speak\w*|offered|promised|heard|worr\w+|unhappy|interested in)\b", 1.5),
        (r"\b(?:where (?:did|do|does|was|is|has|have) (?:we|i|it|they|he|she|somebody|someone|REP|customers?|accounts?|that|the)|anything (?:about|on)|any (?:mention|word|trace|notes?|evidence|emails?)|(?:is|was|are) there (?:a |any |anything )?(?:notes?|mention|word|emails?|about|on))\b", 1.5),
        (r"\b(?:say|said|says|tell|told|wrote|written|write|talk|talked|complain\w*|think|comments?|anything|something|read|hear|heard|notes?|emails?|mail|word|news|mention\w*) (?:\w+ )?(?:about|on)\b", 1.2),
        (r"\bPERSON\b", 0.6),
        (r"\b(?:accounts?|customers?|clients?|companies|firms)\b.*\b(?:in|near|around|at|of|from) (?:CITY|NAME)\b", 4.2),
        (r"\b(?:who|whom|everybody|everyone)\b.*\b(?:in|near|around) (?:CITY|NAME)\b", 3.4),
        (r"\b(?:in|near|around) (?:CITY|NAME)\b.*\b(?:which|what) (?:accounts|customers|clients)\b", 4.2),
        (r"^(?:my |our |all |the )*(?:accounts?|customers?|clients?) (?:in |near |around )?(?:CITY|NAME)$", 4.2),
    ),
    "plan": (
        (r"\b(?:the|a|its|their|our|my|his|her|ACCOUNT|ACCOUNT s|approved|current|latest|last|old|open|see|show|that|this|account|returned|any|no|REP|which|of) (?:ACCOUNT |account |sales |last |latest |current |new )?(?:s )?(?:plans?|draft)\b", 2.2),
        (r"\bplan(?:s|ned)?\b", 1.0),
        (r"\bplan (?:for|of|on|at)\b", 1.2),
        (r"\bdraft(?:s|ed)?\b", 1.1),
        (r"\b(?:objectives?|plays|milestones?|targets? of|aims?)\b", 2.3),
        (r"\b(?:review page|version|returned|came back|sent back|blocked|blocks|blockers?|approved|rejected)\b", 1.2),
        (r"\b(?:what|whats|does|did|how) .*\bplan (?:say|for|with|about|look|contain|aim|stand|doing)\b", 0.8),
        (r"\b(?:status|state|stand|where) .*\bplan\b|\bplan\b.*\b(?:stand|status)\b", 1.0),
        (r"\bwhat (?:did|does|do|is|are|have|has) (?:REP|we|i|he|she|they) (?:planned|plan|planning|intend|going to do)\b", 1.6),
    ),
    "people": (
        (r"\bcontacts?\b", 2.2),
        (r"\b(?:people|buying (?:group|cent(?:er|re)|committee|team)|stakeholders?|champions?|sponsors?|decision ?makers?|decisionmakers?|buyers?|gatekeepers?|influencers?|relationships?|org ?chart|roles?|supporters?|opponents?|allies|enemies|friends)\b", 2.3),
        (r"\bblockers?\b(?!.*\bplan\b)", 1.0),
        (rf"\bwho(?:m)? (?:\w+ )?(?:do|does|did|have|has) {_WE}\b.*\b(?:know|knows|met|meet|talk\w*|speak\w*|spoken|spoke|deal\w*|see|reached?|never)\b", 2.6),
        (r"\bwho (?:all )?(?:is|are|s|decides?|signs?|buys|runs|makes|holds|has|can|approves|owns|leads|supports?|likes|loves|hates|blocks|opposes|places|pays|matters|influences|knows)\b.*\b(?:ACCOUNT|there|at|in|it|them|they|us|over there|for us|against)\b", 2.2),
        (r"\bwho (?:decides?|signs?|runs|supports?|opposes|buys|is in charge|is the (?:boss|owner|buyer|director|head|manager|chief|ceo|cfo))\b", 1.2),
        (r"\bwho should (?:i|we) (?:talk|speak|ask|meet)(?: to| with| for)?\b.*\b(?:ACCOUNT|there|it|at)\b", 2.6),
        (r"\bwhos\b.*\b(?:ACCOUNT|there|at)\b", 1.2),
        (r"\b(?:who|anybody|anyone|somebody|someone|they|them)\b.*\b(?:against us|on our side|for us|behind us|with us|supports? us|likes? us|in charge|over there)\b", 2.2),
        (r"\bwho is PERSON\b|\bwhos? PERSON\b|\bwho PERSON is\b", 3.0),
        (r"\bPERSON\b", 0.6),
        (r"\b(?:whom|talk to|speak (?:to|with)|ask for|reach out|title|job title|phone number)\b", 1.0),
        (r"\b(?:have (?:we|i) met|know (?:anybody|anyone|somebody|someone)|access to|how well do (?:we|i) know|(?:never|not|havent) (?:met|spoken))\b", 1.5),
    ),
    "brief": (
        (r"\b(?:brief(?:ing)?|overview|background|profile|fact ?sheet|snapshot|summar\w+|in short|in a nutshell|the gist|rundown|run down|lowdown|key facts|the facts)\b", 2.5),
        (r"\b(?:tell me (?:\w+ )?about|know about|what about|prep(?:are)? me|get me ready|talk me through|walk me through|fill me in|how about|introduce|describe)\b.*\b(?:ACCOUNT|it|this|there|them)\b", 2.0),
        (r"\bwho (?:is|are) ACCOUNT\b", 1.8),
        (r"\bwhat (?:is|are|s|do|does)? ?(?:we know )?(?:about )?ACCOUNT\b", 1.1),
        (r"\bhow (?:is|are|s) (?:ACCOUNT|it|they|things) (?:doing|going|looking)\b", 2.0),
        (r"\b(?:situation|where do we stand|where are we|how do we stand)\b.*\b(?:ACCOUNT|it|them|there)\b", 1.7),
    ),
    "load": (
        (r"\b(?:workloads?|work load|capacity|over ?load\w*|over ?book\w*|under ?load\w*|(?:under|over)?utili[sz]\w+|bandwidth|stretched|swamped|underwater|overworked|under ?employed|idle)\b", 2.8),
        (r"\bload(?:ed|s)?\b", 2.2),
        (r"\bhours?\b", 1.6),
        (r"\b(?:busy|busiest|busier|free time|selling time|time (?:left|free|off)|(?:is|am|are|have) free|spare|slack|enough time|too much(?: work| on| to do)?|too many accounts|carr(?:y|ies) too|room (?:for|left|in)|have (?:the )?time|has (?:the )?time|keep up|manage (?:it|that|all)|calendar|how full|full|coping|cope|drowning|holidays?|vacation|leave)\b", 1.7),
        (r"\b(?:how much|how many) (?:\w+ )?(?:time|hours?|work|more|accounts can)\b|\btime do (?:i|we) have\b|\b(?:can|could) (?:i|we|he|she|REP|anyone|somebody) (?:fit|take|handle|cope|manage|absorb|carry|squeeze|still)\b", 2.0),
        (r"\bwho (?:has|have|can|is|could)(?: got)? (?:\w+ )?(?:time|room|capacity|free|spare|hours|busy|full|overloaded|take)\b", 1.6),
        (r"\bREP\b", 0.4),
        (r"\b(?:my|the|our) (?:reps?|team|people)\b", 0.6),
    ),
    "inbox": (
        (r"\b(?:inbox|in box|in tray|queue|to ?dos?|tasks?)\b", 2.6),
        (r"\b(?:wait(?:s|ing)?|pending|outstanding|overdue|due|awaiting|unanswered|undecided|unreviewed|unapproved|open reviews?|backlog|stuck)\b", 2.2),
        (r"\b(?:to|for me to|need to|must|should|have to|can|do|i|we) (?:i |we )?(?:still )?(?:have to |need to )?(?:approve|review|decide|sign|fix|answer|correct|look at|act on)\b", 2.0),
        (r"\b(?:approvals?|reviews?|decisions?|sign ?off)\b", 1.5),
        (r"\b(?:what|which|anything|something)\b.*\b(?:i|we) (?:approve|review|decide|sign|return)\b", 1.4),
        (r"\bneed(?:s)? (?:a |my |your |our |any )?(?:decision|approval|review|attention|answer|input|signature)\b", 1.6),
        (r"\b(?:which|what|any|some|my|are|did|has|have|does|anything|something)\b.*\b(?:return(?:ed|s)?|came back|come back|sent back|send back|bounced|rejected|approved)\b", 1.9),
        (r"\b(?:my desk|on my plate|for me|from me|of me|my (?:attention|decision|approval|review)|need(?:s)? me|on my table)\b", 1.5),
        (r"\bplans\b", 1.0),
        (r"\b(?:which|what|any|my|all|how many) (?:of )?(?:my |our |the )?plans\b", 1.4),
    ),
    "help": (
        (r"\bhelp\b", 2.6),
        (r"^(?:please |i need |can i get |some )*help(?: please| me| out)*$", 2.0),
        (r"\b(?:what|which|how)(?: \w+)? (?:can|could|do|does) (?:you|i|this|it|we) (?:do|ask|say|type|answer|offer|know|for me)\b", 3.4),
        (r"\b(?:commands?|how does (?:this|it) work|how do (?:i|you|we) (?:use|work|start)|what are you|who are you|instructions?|manual|tutorial|how (?:do|can|should) i (?:ask|start|use|type|talk)|whats possible|what is possible|features?|options)\b", 2.6),
    ),
}  # fmt: skip

_COMPILED = {
    command: tuple((re.compile(pattern), weight) for pattern, weight in cues)
    for command, cues in CUES.items()
}


def cue_scores(shape: str) -> dict[str, float]:
    """Return how strongly a shape speaks for each command; 0 where no cue does."""
    return {
        command: sum(weight for cue, weight in cues if cue.search(shape))
        for command, cues in _COMPILED.items()
    }
