"""What the run of a territory plan or review remembers between steps."""

from __future__ import annotations

from agent.state import FlowState


class CycleState(FlowState, total=False):
    """The state of one run; see `agent.state.FlowState`.

    `kind` is `territory` or `review`; `about` what lets its context be made again after a
    crash: the rep or the customer, and the books and versions it was begun on, as JSON.
    """

    kind: str
    quarter: str
    reps: list[str]
    about: str
    parts_digest: str
    own_digest: str
