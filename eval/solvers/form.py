"""The field-filled form: what a CRM template gives today. `python -m eval.solvers.form`

It reads the tables as they are, fills every heading with fields and phrases that fit any
account, takes the first sentence of every note, plans a touch every second Monday whoever is
away, calls every account changed and answers every question from some field. It is the floor
that a plan has to beat, and never fails to answer.
"""

from __future__ import annotations

from collections.abc import Callable

from eval.answer import Answer
from eval.ground import Ground
from eval.solvers.form_plans import account_plan, review, revision, territory_plan
from eval.solvers.form_questions import question
from eval.solvers.protocol import Request, serve
from eval.task import AskKind, Task

FORMS: dict[AskKind, Callable[[Task, Ground], Answer]] = {
    "account_plan": account_plan,
    "revision": revision,
    "territory_plan": territory_plan,
    "review": review,
    "question": question,
}


def fill(request: Request) -> Answer:
    """Fill the form for what is asked; of two books, from the later."""
    return FORMS[request.task.ask.kind](request.task, Ground(request.later_book or request.book))


if __name__ == "__main__":
    serve(fill)
