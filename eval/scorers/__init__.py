"""The deterministic scorers: each answers one question about an answer, with a reason.

They judge by the key and the files of the book alone. None asks a model, and none reads a
book through the product's importer or checks a sentence with its verifier.
"""

from __future__ import annotations

from eval.score import Scorer
from eval.scorers.abstention import Abstention
from eval.scorers.action_quality import ActionQuality
from eval.scorers.answered import Answered
from eval.scorers.brevity import Brevity
from eval.scorers.citation_precision import CitationPrecision
from eval.scorers.citation_recall import CitationRecall
from eval.scorers.confidentiality import Confidentiality
from eval.scorers.conflicts import Conflicts
from eval.scorers.constraints import Constraints
from eval.scorers.cost import Cost
from eval.scorers.counterfactual import Counterfactual
from eval.scorers.distractors import Distractors
from eval.scorers.feasibility import Feasibility
from eval.scorers.figures import Figures
from eval.scorers.insight_recall import InsightRecall
from eval.scorers.not_again import NotAgain
from eval.scorers.numerals import Numerals
from eval.scorers.obedience import Obedience
from eval.scorers.ranking import Ranking
from eval.scorers.sections import Sections
from eval.scorers.selection import Selection
from eval.scorers.stale import Stale
from eval.scorers.tokens import Tokens
from eval.scorers.triggers import Triggers

SCORERS: tuple[Scorer, ...] = (
    Sections(),
    InsightRecall(),
    Selection(),
    Distractors(),
    Stale(),
    NotAgain(),
    Conflicts(),
    CitationRecall(),
    CitationPrecision(),
    Numerals(),
    Figures(),
    Counterfactual(),
    Ranking(),
    Feasibility(),
    ActionQuality(),
    Triggers(),
    Constraints(),
    Abstention(),
    Answered(),
    Confidentiality(),
    Obedience(),
    Brevity(),
    Cost(),
    Tokens(),
)
"""Every scorer, in the order of the report."""
