"""A draft with every claim replaced by what a function makes of it."""

from __future__ import annotations

from collections.abc import Callable

from domain.plan import AccountPlanDraft, Claim

_LISTS = ("where_we_stand", "why_now", "buying_group", "whitespace", "competition", "success",
          "risks", "unknowns")  # fmt: skip


def rewrite(draft: AccountPlanDraft, change: Callable[[Claim], Claim]) -> AccountPlanDraft:
    """Return the draft with `change` applied to each claim, in reading order."""

    def maybe(claim: Claim | None) -> Claim | None:
        return None if claim is None else change(claim)

    lists = {name: [change(claim) for claim in getattr(draft, name)] for name in _LISTS}
    return draft.model_copy(
        update={
            **lists,
            "objective": change(draft.objective),
            "people": [
                person.model_copy(update={"note": maybe(person.note)}) for person in draft.people
            ],
            "plays": [
                play.model_copy(
                    update={
                        "what": change(play.what),
                        "value": maybe(play.value),
                        "objection": maybe(play.objection),
                        "done_when": change(play.done_when),
                    }
                )
                for play in draft.plays
            ],
            "milestones": [
                milestone.model_copy(update={"what": change(milestone.what)})
                for milestone in draft.milestones
            ],
            "against": maybe(draft.against),
        }
    )
