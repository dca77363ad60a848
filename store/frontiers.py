"""Rows of designs, kept once under their hash and read through a scenario that names them."""

from __future__ import annotations

import threading
from collections import OrderedDict

import sqlalchemy as sa

from domain.assignment import Frontier, ScenarioContent
from domain.errors import InvalidInput, NotFound
from domain.record import canonical_json, text_hash
from store.schema import scenario_versions
from store.texts import keep_text, read_texts

_AT_HAND = 6


class Frontiers:
    """The rows of designs among the kept texts, the last few of them at hand.

    They have no keeper, so that `Blobs` hands none of them out: who sees a scenario sees
    the row it names. Reading one takes a tenth of a second, hence the cache.
    """

    def __init__(self) -> None:
        self._at_hand: OrderedDict[tuple[str, str], Frontier] = OrderedDict()
        self._guard = threading.Lock()

    def keep(
        self,
        connection: sa.Connection,
        workspace: str,
        scenario_id: str,
        content: ScenarioContent,
        frontier: Frontier | None,
    ) -> None:
        """Store the row that a version names; without one, see that the scenario holds it.

        InvalidInput when the version names another row, or one the scenario never had.
        """
        if frontier is not None:
            text = canonical_json(frontier)
            if text_hash(text) != content.frontier:
                raise InvalidInput("The scenario names another row of designs than came with it.")
            keep_text(connection, workspace, text)
            return
        held = connection.execute(
            sa.select(scenario_versions.c.version).where(
                scenario_versions.c.workspace_id == workspace,
                scenario_versions.c.scenario_id == scenario_id,
                scenario_versions.c.frontier == content.frontier,
            )
        ).first()
        if held is None:
            raise InvalidInput(f"Scenario {scenario_id} holds no such row of designs.")

    def read(self, connection: sa.Connection, workspace: str, digest: str) -> Frontier:
        """Return the row of that hash; Broken when it was altered."""
        key = (workspace, digest)
        with self._guard:
            known = self._at_hand.get(key)
            if known is not None:
                self._at_hand.move_to_end(key)
                return known
        found = read_texts(connection, workspace, [digest])
        if digest not in found:
            raise NotFound(f"There is no row of designs {digest!r}.")
        frontier = Frontier.model_validate_json(found[digest])
        with self._guard:
            self._at_hand[key] = frontier
            while len(self._at_hand) > _AT_HAND:
                self._at_hand.popitem(last=False)
        return frontier
