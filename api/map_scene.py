"""What the drawing and the table of a coverage map are both made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from api.amounts import money
from api.map_dots import Dot, dots_of
from api.map_frame import Frame, frame_for
from api.map_places import Holdings, Place, View
from api.outline_shapes import atlas
from api.svg import said
from api.territory_marks import Mark, marks_of
from domain.assignment import ScenarioRep


@dataclass(frozen=True)
class CoverageScene:
    """Accounts, territories, and who has what before and after.

    Attributes
    ----------
    places
        Accounts of the scenario.
    reps
        In the order of the scenario, which gives each its colour.
    before, after
        Rep id per account id; None or absent is nobody. A rep who is not among `reps` is
        drawn grey.
    currency
        ISO code; blank leaves amounts bare.
    names
        Names of people outside `reps`, by id.
    """

    places: Sequence[Place]
    reps: Sequence[ScenarioRep]
    before: Mapping[str, str | None]
    after: Mapping[str, str | None]
    currency: str = ""
    names: Mapping[str, str] | None = None

    @cached_property
    def holdings(self) -> Holdings:
        """Who has what."""
        return Holdings(self.before, self.after, marks_of(self.reps), self.names or {})

    @cached_property
    def frame(self) -> Frame:
        """The part of the world that every view shows."""
        points = [
            (place.longitude, place.latitude)
            for place in self.places
            if place.longitude is not None and place.latitude is not None
        ]
        return frame_for(points, {place.country or "" for place in self.places})

    @cached_property
    def moved(self) -> tuple[Place, ...]:
        """Accounts that change hands."""
        return tuple(place for place in self.places if self.holdings.moved(place.account_id))

    def dots(self, view: View) -> list[Dot]:
        """Return the accounts that this map can show, where it shows them."""
        found = []
        for place in self.places:
            if place.longitude is None or place.latitude is None:
                continue
            at = self.frame.place(place.longitude, place.latitude)
            if at is not None:
                mark = self.holdings.holder(place.account_id, view)
                moved = self.holdings.moved(place.account_id)
                found.append((place, at, mark, moved, self._told(place, moved)))
        return dots_of(found)

    def by_area(self, view: View) -> dict[str, dict[str, list[Place]]]:
        """Return accounts by area and then by rep id ("" for nobody)."""
        known = atlas(self.frame.outlines)
        areas: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
        for place in self.places:
            key = known.key_of(place.country, place.region)
            mark = self.holdings.holder(place.account_id, view)
            areas[key or ""][mark.rep_id].append(place)
        return areas

    def leading(self, view: View) -> dict[str, Mark]:
        """Return the territory with most potential in each area; in a tie the one with more
        accounts, then the earlier one of the scenario."""
        marks = self.holdings.marks
        order = {rep_id: place for place, rep_id in enumerate(marks)}
        leaders = {}
        for key, held in self.by_area(view).items():
            ours = {rep_id: found for rep_id, found in held.items() if rep_id in marks}
            if key and ours:
                best = min(
                    ours,
                    key=lambda rep: (-worth(ours[rep]), -len(ours[rep]), order[rep]),
                )
                leaders[key] = marks[best]
        return leaders

    def _told(self, place: Place, moved: bool) -> str:
        told = place.name + (f", {place.city}" if place.city else "")
        told += f": potential {money(place.potential, self.currency)}, "
        after = self.holdings.holder(place.account_id, "after")
        if moved:
            told += f"from {self.holdings.holder(place.account_id, 'before').name} to {after.name}"
        else:
            told += f"with {after.name}"
        return said(told)


def worth(places: Sequence[Place]) -> float:
    """Return the potential of some accounts, in currency."""
    return sum(place.potential for place in places)
