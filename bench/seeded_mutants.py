"""A seeded sample of the mutants that cosmic-ray makes of the files plans are made by."""

from __future__ import annotations

import random
from pathlib import Path

from bench.commands import ROOT
from bench.seeded_faults import Fault

MUTATED = (
    "tools/order_facts.py", "tools/relationship_facts.py", "tools/past_deals.py",
    "tools/peers.py", "tools/potential.py", "tools/score.py", "tools/tier_rules.py",
    "tools/ranks.py", "tools/whitespace.py", "tools/schedule.py", "tools/selling_time.py",
    "tools/cycle/changed/deals.py", "tools/cycle/changed/champions.py",
    "tools/cycle/changed/people.py", "agent/gather.py", "agent/screening.py",
    "agent/render.py", "agent/objectives.py", "agent/playbooks.py", "agent/sections.py",
)  # fmt: skip
# Numbers, comparisons, conditions and signs; not `|`, which mostly stands in annotations.
OPERATORS = (
    "core/NumberReplacer", "core/AddNot", "core/ReplaceAndWithOr", "core/ReplaceOrWithAnd",
    "core/ReplaceTrueWithFalse", "core/ReplaceFalseWithTrue", "core/ZeroIterationForLoop",
    "core/ReplaceComparisonOperator_Gt_LtE", "core/ReplaceComparisonOperator_Lt_GtE",
    "core/ReplaceComparisonOperator_GtE_Lt", "core/ReplaceComparisonOperator_LtE_Gt",
    "core/ReplaceComparisonOperator_Eq_NotEq", "core/ReplaceComparisonOperator_NotEq_Eq",
    "core/ReplaceBinaryOperator_Add_Sub", "core/ReplaceBinaryOperator_Sub_Add",
    "core/ReplaceBinaryOperator_Mul_Div", "core/ReplaceBinaryOperator_Div_Mul",
    "core/ReplaceBinaryOperator_BitAnd_BitOr", "core/ReplaceUnaryOperator_Delete_Not",
    "core/ReplaceUnaryOperator_Delete_Invert", "core/ReplaceUnaryOperator_Delete_USub",
)  # fmt: skip
MOST_OF_ONE = 400


def sample(n: int, seed: int, root: Path = ROOT) -> list[Fault]:
    """Draw `n` different mutants, each (file, operator, place) alike likely.

    Needs cosmic-ray: `pip install -e '.[bench]'`. Files that are not there are left out.
    """
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    places = []
    for file in MUTATED:
        path = root / file
        if not path.is_file():
            continue
        code = path.read_text(encoding="utf-8")
        for name in OPERATORS:
            operator = get_operator(name)()
            for occurrence in range(_occurrences(code, operator)):
                places.append((file, name, occurrence))
    chosen = random.Random(seed).sample(places, len(places))
    drawn: list[Fault] = []
    for file, name, occurrence in chosen:
        if len(drawn) == n:
            break
        code = (root / file).read_text(encoding="utf-8")
        text = mutate_code(code, get_operator(name)(), occurrence)
        if text is not None and text != code:
            short = name.removeprefix("core/")
            drawn.append(
                Fault(f"{short}:{file}:{occurrence}", short, _told(code, text), file, text)
            )
    return drawn


def _occurrences(code: str, operator: object) -> int:
    from cosmic_ray.ast import ast_nodes, get_ast

    return min(
        MOST_OF_ONE,
        sum(
            len(list(operator.mutation_positions(node)))  # type: ignore[attr-defined]
            for node in ast_nodes(get_ast(code))
        ),
    )


def _told(code: str, text: str) -> str:
    """Say which line became which."""
    for number, (was, now) in enumerate(
        zip(code.splitlines(), text.splitlines(), strict=False), start=1
    ):
        if was != now:
            return f"line {number}: {was.strip()[:60]} -> {now.strip()[:60]}"
    return "lines were added or removed"
