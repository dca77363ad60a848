"""Sentences of the report: what came out, and what the figures do not tell."""

from __future__ import annotations

LIMITS = (
    "Whether a plan wins the deal. Every metric is a rule about what an answer says, cites and "
    "asks for; nobody acted on it.",
    "Whether it reads well. No person and no model judged style, tact or persuasion.",
    "What was not planted or written into the keys: a good idea that no key knows of earns "
    "nothing, a bad one that no rule knows of costs nothing.",
    "How it would be on your own books. Intervals are about more tasks of these kinds, drawn "
    "account by account; books of another trade may differ by more.",
    "Much about a family alone: it has few tasks, and its interval is wide for that reason.",
    "What anybody may tune on. Cases with a closed wording are for looking at results; whoever "
    "changes a prompt or a rule after reading them has opened them.",
)
