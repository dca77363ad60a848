"""What a step keeps is at hand for the next, and is read from the store where it is not."""

from __future__ import annotations

from types import SimpleNamespace

from agent.state import keep, keep_all, kept, kept_evidence
from domain.evidence import Evidence, RecordSource
from domain.plan import Remark
from domain.record import text_hash

NAME = Evidence(
    entity="account:A-1",
    metric="name",
    value="Alder Cycles",
    unit="name",
    source=RecordSource(table="accounts", row="A-1", field="name"),
)
REMARK = Remark(person="ana", person_name="Ana Ito", section=None, text="Heed the order.")


class Kept(dict[str, str]):
    """A store of texts that counts how often it is read."""

    read = 0

    def keep(self, kind: str, payload: str) -> str:
        self[text_hash(payload)] = payload
        return text_hash(payload)

    def fetch(self, digest: str) -> str:
        self.read += 1
        return self[digest]


def test_a_step_finds_at_hand_what_an_earlier_one_kept_and_after_a_restart_in_the_store() -> None:
    store = Kept()
    run = SimpleNamespace(records=store, at_hand={})
    remark, names = keep(run, "remark", REMARK), keep_all(run, "evidence", [NAME])

    assert kept(run, Remark, remark) is REMARK
    assert kept_evidence(run, names) == [NAME]
    assert store.read == 0

    anew = SimpleNamespace(records=store, at_hand={})
    assert kept(anew, Remark, remark) == REMARK
    assert kept_evidence(anew, names) == [NAME]
    assert store.read == 2
