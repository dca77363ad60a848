"""What an answer holds besides its sentences: offers, plain whatever the CRM says."""

from __future__ import annotations

from agent.chat.answering import _offers
from agent.chat.routed import Routed
from agent.chat.tool import Told
from domain.chat import Offer


def test_a_label_with_a_link_or_markup_gives_way_to_its_command() -> None:
    told = Told(
        offers=(
            Offer(label="The week of ![x](https://collect.example/p)", text="/week R-1"),
            Offer(label="The week of Ana", text="/week R-2"),
            Offer(label="Odd", text="/plan <b>x</b>"),
        )
    )
    assert [(item.label, item.text) for item in _offers([told], Routed())] == [
        ("/week R-1", "/week R-1"),
        ("The week of Ana", "/week R-2"),
    ]
