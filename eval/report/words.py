"""Sentences of the report that every run has: how to read its figures, and what they omit."""

from __future__ import annotations

HOW_TO_READ = (
    "Values in per cent, the rubric and differences in points. n counts the tasks in which the "
    "question arises, units what was counted in them. Intervals hold at the 95 % level; tasks of "
    "one account are drawn together. Detects: the smallest true difference that would be found "
    "four times in five."
)
HOW_TO_READ_TRIALS = "Always: the share of tasks that are fully right in every trial."
HOW_TO_READ_CHANGES = (
    "p is from flipped signs, adjusted by Holm for all metrics in which a task moved; below 0.05 "
    "a metric counts as better or worse."
)
LIMITS = (
    "Whether a plan wins the deal. Every metric is a rule about what an answer says, cites and "
    "asks for; nobody acted on it.",
    "Whether it reads well. No person and no model judged style, tact or persuasion.",
    "What no key knows of. A good idea that was not planted earns nothing, and a bad one that no "
    "rule looks for costs nothing.",
    "How it would be on other books. An interval is about more tasks of these kinds; companies, "
    "trades and notes of another kind may differ by more.",
    "Much about one family. It has few tasks, and its interval is wide for that reason.",
    "What may be tuned on. Cases with a closed wording are for looking at results: who changes a "
    "prompt or a rule after reading them has opened them.",
)
OF_PEOPLE = (
    "The cases are decisions of people, not planted facts: they hold data of the company that "
    "made them."
)
