"""The rules that come with a book: its coverage model, and who may sign in."""

from __future__ import annotations

from pathlib import Path
from string import Template

from eval.accountplanbench.book import Book
from eval.accountplanbench.industries import Industry
from eval.accountplanbench.periods import HOURS_A_WEEK, PLANNING_DAYS
from eval.accountplanbench.places import Market
from eval.accountplanbench.rows import Rep

REVOPS = "revops"
_TEMPLATE = Template((Path(__file__).parent / "coverage.toml.template").read_text("utf-8"))


def coverage_text(industry: Industry, market: Market) -> str:
    """Write a coverage model with the industry's segments and bounds, in the market's money.

    The tiers begin where the spend of the upper two segments does.
    """
    upper, middle, _ = industry.segments
    core = middle.spend[0] * market.scale
    return _TEMPLATE.substitute(
        company=industry.company,
        competitors=", ".join(f'"{rival}"' for rival in industry.rivals),
        strategy=industry.strategy,
        target=upper.name,
        first_month=industry.first_month,
        strategic=upper.spend[0] * market.scale,
        core=core,
        little=core,
        worth_a_visit=worth_telling(industry, market) // 2,
        worth_telling=worth_telling(industry, market),
        average_deal=core // 2,
        hours_a_week=HOURS_A_WEEK,
        period_days=PLANNING_DAYS,
        segments="\n".join(
            f'  {{ label = "{one.name.lower()}", equals = "{one.name}", points = {one.points} }},'
            for one in industry.segments
        ),
    )


def worth_telling(industry: Industry, market: Market) -> int:
    """Return the amount from which a change of pipeline or potential is one that counts."""
    return industry.segments[2].spend[1] * market.scale


def person_id(rep: Rep) -> str:
    """Return how a rep or manager signs in: `first.last`."""
    return rep.name.lower().replace(" ", ".")


def scope_of(book: Book, person: str) -> frozenset[str] | None:
    """Return the reps whose accounts a person sees; None for everybody's and the unowned.

    A rep sees their own accounts, a manager those of the reps below.
    """
    if person == REVOPS:
        return None
    who = next(rep for rep in book.reps if person_id(rep) == person)
    if who.function == "manager":
        return frozenset(r.rep_id for r in book.sellers() if r.manager_id == who.rep_id)
    return frozenset({who.rep_id})


def people_text(book: Book, workspace: str) -> str:
    """Write the people file: revenue operations, managers, reps."""
    parts = [
        f'workspace = "{workspace}"\ndefault = "{REVOPS}"\n',
        f'[[people]]\nid = "{REVOPS}"\nname = "Revenue operations"\nroles = ["revops"]\n'
        "everything = true\n",
    ]
    for rep in book.reps:
        if rep.function not in ("manager", "rep"):
            continue
        reps = ", ".join(f'"{item}"' for item in sorted(scope_of(book, person_id(rep)) or ()))
        parts.append(
            f'[[people]]\nid = "{person_id(rep)}"\nname = "{rep.name}"\n'
            f'roles = ["{rep.function}"]\nreps = [{reps}]\n'
        )
    return "\n".join(parts)
