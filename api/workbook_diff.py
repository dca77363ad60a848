"""What a workbook says against the version it was written from, and against the newest one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from api.workbook_base import Side, written_from
from api.workbook_marks import CHOICES, base_of, rep_label, row_id, shown
from api.workbook_reading import SheetRow
from domain.assignment import Frontier, Move
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from api.workspace import Workspace


class RowChange(Record):
    """One row that says something new: accept the move, keep the account, or lock it to a rep."""

    row: int
    account_id: str
    account_name: str
    becomes: Literal["accept", "keep", "lock"]
    rep_id: str | None
    reason: str
    told: str


class RowFinding(Record):
    """One row that is not applied, and why. `account_id` is null where none is known."""

    row: int
    account_id: str | None
    told: str


@dataclass
class Difference:
    """The rows of a workbook, sorted by what becomes of them."""

    written_from: int
    version: int
    changed: tuple[RowChange, ...] = ()
    conflicting: tuple[RowFinding, ...] = ()
    unknown: tuple[RowFinding, ...] = ()
    invalid: tuple[RowFinding, ...] = ()
    unchanged: int = 0
    notes: tuple[str, ...] = ()


def compared(
    workspace: Workspace, principal: Principal, scenario_id: str, rows: Sequence[SheetRow]
) -> Difference:
    """Sort the rows of a workbook: changed, conflicting, unknown, invalid, unchanged.

    A row counts as changed by what it said when it was written. It conflicts when the
    account's move, or the word on it, is another one in the newest version.

    Raises
    ------
    NotFound
        When the scenario is missing or not seen whole.
    WorkbookUnreadable
        When no row is of this scenario, or what the hidden columns say does not hold.
    """
    kept = workspace.store.scenarios
    newest = kept.version(principal, scenario_id)
    base = written_from(workspace, principal, newest, rows)
    rows_then = kept.frontier(principal, scenario_id, base.version)
    rows_now = kept.frontier(principal, scenario_id, newest.version)
    then, now = Side(base, rows_then), Side(newest, rows_now)
    names = {person.id: person.name for person in workspace.people}
    return _Sorting(scenario_id, then, now, names).sorted(rows)


@dataclass
class _Sorting:
    """Sorts rows one by one."""

    scenario_id: str
    then: Side
    now: Side
    people: dict[str, str]
    changed: list[RowChange] = field(default_factory=list)
    conflicting: list[RowFinding] = field(default_factory=list)
    unknown: list[RowFinding] = field(default_factory=list)
    invalid: list[RowFinding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unchanged: int = 0

    def __post_init__(self) -> None:
        self.accounts = {row_id(self.scenario_id, account): account for account in self.then.moves}
        self.reps = _reps(self.then.row)
        self.names = self.then.names | self.now.names

    def sorted(self, rows: Sequence[SheetRow]) -> Difference:
        """Sort all rows, in the order of the sheet."""
        twice = {
            key for key, count in Counter(row.id for row in rows if row.id).items() if count > 1
        }
        for row in rows:
            self._row(row, twice)
        missing = len(self.then.moves) - len({row.id for row in rows} & set(self.accounts))
        if missing:
            self.notes.append(
                f"{missing} of the {len(self.then.moves)} moves have no row in the file; nothing "
                "is said about them."
            )
        if self.then.version.version != self.now.version.version:
            self.notes.append(
                f"The file was written from version {self.then.version.version}; the newest is "
                f"version {self.now.version.version}."
            )
        return Difference(
            written_from=self.then.version.version,
            version=self.now.version.version,
            changed=tuple(self.changed),
            conflicting=tuple(self.conflicting),
            unknown=tuple(self.unknown),
            invalid=tuple(self.invalid),
            unchanged=self.unchanged,
            notes=tuple(self.notes),
        )

    def _row(self, row: SheetRow, twice: set[str]) -> None:
        account = self.accounts.get(row.id)
        if account is None:
            self._stranger(row)
            return
        move = self.then.moves[account]
        if row.id in twice:
            self._refuse(row, account, "The account has several rows; leave one of them.")
        elif row.account and row.account != shown(account):
            self._refuse(
                row, account,
                f"The row shows {row.account} and its hidden column {account}: columns were "
                "sorted or pasted apart.",
            )  # fmt: skip
        elif (row.base, row.book) != (base_of(self.then.version), self.then.row.book_id):
            self._refuse(
                row, account, "The hidden columns _base and _book of this row were altered."
            )
        else:
            self._wish(row, move)

    def _stranger(self, row: SheetRow) -> None:
        scenario, _, account = row.id.partition("/")
        if not row.id:
            told = "The row was added by hand: it names no account of the scenario."
        elif scenario != self.scenario_id:
            told = f"The row is of scenario {scenario}, not of {self.scenario_id}."
        else:
            told = f"There was no move of {account!r} in version {self.then.version.version}."
        self.unknown.append(RowFinding(row=row.number, account_id=None, told=told))

    def _wish(self, row: SheetRow, move: Move) -> None:
        """Read what the row wants, refuse what cannot be meant, and pass on the rest."""
        account, decision = move.account_id, row.decision.lower()
        rep = move.to_rep if not row.territory else self.reps.get(row.territory.casefold())
        was_accepted = account in self.then.accepted
        if decision and decision not in CHOICES:
            self._refuse(
                row, account, f"Decision is {row.decision!r}; it may be accept, keep or blank."
            )
        elif rep is None:
            self._refuse(
                row, account,
                f"New territory is {row.territory!r}, which is none of: "
                f"{', '.join(rep_label(rep) for rep in self.then.row.reps)}.",
            )  # fmt: skip
        elif decision == "keep" or rep == move.from_rep:
            if decision == "accept" and not was_accepted:
                self._refuse(row, account, "The row accepts the move and names the present owner.")
            elif rep not in {move.to_rep, move.from_rep}:
                self._refuse(row, account, f"The row keeps the account and gives it to {rep}.")
            else:
                self._keep(row, move)
        elif rep != move.to_rep:
            told = f"lock {move.account_name} to {self._name(rep)}"
            self._change(row, move, "lock", rep, f"{told} instead of {self._name(move.to_rep)}")
        elif decision == "accept" and not was_accepted:
            self._change(row, move, "accept", move.to_rep, self._accepting(move))
        elif was_accepted and not decision:
            self._refuse(
                row, account, "The move was accepted already; write keep to leave the account."
            )
        else:
            if row.comment and not decision:
                self.notes.append(
                    f"Row {row.number}: a comment without a decision changes nothing."
                )
            self.unchanged += 1

    def _keep(self, row: SheetRow, move: Move) -> None:
        if move.from_rep is None or move.points is None:
            why = move.why_not_stay or "a rule forbids it"
            self._refuse(
                row, move.account_id, f"{move.account_name} cannot stay where it is: {why}."
            )
            return
        owner = self._name(move.from_rep)
        self._change(row, move, "keep", move.from_rep, f"keep {move.account_name} with {owner}")

    def _change(
        self,
        row: SheetRow,
        move: Move,
        becomes: Literal["accept", "keep", "lock"],
        rep: str,
        told: str,
    ) -> None:
        if self._already(move, becomes, rep):
            self.unchanged += 1
            return
        meanwhile = self._meanwhile(move)
        if meanwhile:
            self.conflicting.append(
                RowFinding(
                    row=row.number,
                    account_id=move.account_id,
                    told=f"Asked to {told}, but {meanwhile}.",
                )
            )
            return
        if becomes != "accept" and not row.comment:
            self._refuse(
                row, move.account_id,
                f"Asked to {told}, without a reason: write one under Comment.",
            )  # fmt: skip
            return
        self.changed.append(
            RowChange(
                row=row.number,
                account_id=move.account_id,
                account_name=move.account_name,
                becomes=becomes,
                rep_id=rep,
                reason=row.comment,
                told=told[0].upper() + told[1:],
            )
        )

    def _already(self, move: Move, becomes: str, rep: str) -> bool:
        """Say whether the newest version has what the row wants."""
        account = move.account_id
        if becomes == "accept":
            current = self.now.moves.get(account)
            return account in self.now.accepted and current is not None and current.to_rep == rep
        lock = self.now.locks.get(account)
        return lock is not None and lock.rep_id == rep

    def _meanwhile(self, move: Move) -> str:
        """Say what somebody did about this move since the file was written; "" for nothing."""
        account, current = move.account_id, self.now.moves.get(move.account_id)
        lock = self.now.locks.get(account)
        if lock is not None and lock != self.then.locks.get(account):
            return f"{self._person(lock.by)} locked it to {self._name(lock.rep_id)} meanwhile"
        if current is None:
            return f"version {self.now.version.version} does not move it any more"
        if current.to_rep != move.to_rep:
            return (
                f"version {self.now.version.version} proposes {self._name(current.to_rep)} for it"
            )
        said = self.now.accepted.get(account)
        if said is not None and account not in self.then.accepted:
            return f"{self._person(said.person)} accepted the move meanwhile"
        if said is None and account in self.then.accepted:
            return "its move is not accepted any more"
        return ""

    def _accepting(self, move: Move) -> str:
        return f"accept {move.account_name} going to {self._name(move.to_rep)}"

    def _refuse(self, row: SheetRow, account: str, told: str) -> None:
        self.invalid.append(RowFinding(row=row.number, account_id=account, told=told))

    def _name(self, rep_id: str | None) -> str:
        return self.names.get(rep_id or "", rep_id or "nobody")

    def _person(self, person: str) -> str:
        return self.people.get(person, person)


def _reps(row: Frontier) -> dict[str, str]:
    """Return rep ids by what a person may write for a rep: label, id, or a name only one has."""
    names = Counter(shown(rep.name).casefold() for rep in row.reps)
    found = {
        shown(rep.name).casefold(): rep.rep_id
        for rep in row.reps
        if names[shown(rep.name).casefold()] == 1
    }
    found |= {rep.rep_id.casefold(): rep.rep_id for rep in row.reps}
    return found | {rep_label(rep).casefold(): rep.rep_id for rep in row.reps}
