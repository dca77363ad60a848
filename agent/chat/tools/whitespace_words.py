"""Whitespace in sentences and a table. Comparable accounts appear as a group, never by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property

from agent.beyond import has_kin
from agent.chat.context import ChatContext
from agent.chat.tools.pieces import UNOWNED, Pieces, cell_of, number
from agent.claims import Filled, claim
from agent.verifier.markup import is_plain
from domain.chat import AnswerTable
from domain.evidence import REPS_JOINED_BY, CalculationSource, Evidence, Unit
from domain.plan import Claim, SlotFormat
from domain.record import content_hash, decimal_string
from tools.cells import canonical

TOLD, ROWS, EACH = 3, 12, 2
_COLUMNS: tuple[tuple[str, str, SlotFormat], ...] = (
    ("Product line", "line", "name"),
    ("Worth a year", "worth", "money"),
    ("Chance", "chance", "percent"),
    ("Peers who buy", "peer_share", "percent"),
    ("Own spend", "own_spend_12m", "money"),
    ("Because", "because", "text"),
)


class WhitespaceWords:
    """Writes the gaps of some accounts, of one `line` where named; the most worth first.

    `gaps` are entities, `pieces` holds the evidence that was used.
    """

    def __init__(
        self,
        context: ChatContext,
        pieces: Pieces,
        accounts: Sequence[str],
        head: str,
        line: str = "",
    ) -> None:
        self._context = context
        self._head = head
        self.pieces = pieces
        table = context.analyses.whitespace.gaps_table
        rows = table[table["account_id"].isin(set(accounts))]
        if line:
            rows = rows[rows["line"] == line]
        rows = rows.sort_values(["worth", "account_id", "line"], ascending=[False, True, True])
        self._rows = rows
        self._line = line
        self.gaps = tuple(f"account:{key}" for key in rows.index)

    @cached_property
    def accounts_with_gaps(self) -> tuple[str, ...]:
        """Accounts of the gaps, that of the most worth first."""
        return tuple(dict.fromkeys(map(str, self._rows["account_id"])))

    def of_account(self) -> list[Claim]:
        """One account's gaps, then its sister sites' lines and its missing relatives."""
        claims = []
        name = self.pieces.account(self._head.partition(":")[2])
        worth = self.pieces.cell(self._head, "whitespace_worth")
        lines = self.pieces.cell(self._head, "whitespace_lines")
        if name is not None and worth is not None and lines is not None and not self._line:
            noun = "line" if lines.value == "1" else "lines"
            claims.append(
                claim(
                    "space.worth", "metric", self._head,
                    f"{{{{name}}}} has whitespace in {{{{lines}}}} product {noun} that comparable "
                    "accounts buy, worth about {{worth}} a year together.",
                    name=(name, "name"), lines=(lines, "number"), worth=(worth, "money_short"),
                )
            )  # fmt: skip
        claims += [item for gap in self.gaps[:TOLD] for item in self._gap(gap, named=False)]
        claims += self._beyond()
        return claims

    def of_several(self) -> list[Claim]:
        """What the gaps are worth together, and the best of them."""
        if not self.gaps:
            return []
        claims = [self._together()]
        claims += [item for gap in self.gaps[:TOLD] for item in self._gap(gap, named=True)]
        return claims

    def table(self) -> AnswerTable | None:
        """The best gaps, one a row; None where there is none."""
        if not self.gaps:
            return None
        several = not self._head.startswith("account:")
        rows = []
        for gap in self.gaps[:ROWS]:
            account = gap.partition(":")[2].partition("/")[0]
            first = (cell_of(self.pieces.account(account), "name"),) if several else ()
            cells = (cell_of(self.pieces.cell(gap, name), form) for _, name, form in _COLUMNS)
            rows.append((*first, *cells))
        return AnswerTable(
            title="Product lines that comparable accounts buy",
            columns=(*(("Account",) if several else ()), *(name for name, *_ in _COLUMNS)),
            rows=tuple(rows),
        )

    def _gap(self, gap: str, *, named: bool) -> Iterator[Claim]:
        account = gap.partition("/")[0]
        cells = {
            metric: self.pieces.cell(gap, metric)
            for metric in ("line", "worth", "chance", "peer_share", "because")
        }
        line, worth, chance = cells["line"], cells["worth"], cells["chance"]
        name = self.pieces.account(account.partition(":")[2]) if named else None
        if line is None or worth is None or chance is None:
            return
        slots: dict[str, Filled] = {
            "line": (line, "name"), "worth": (worth, "money_short"), "chance": (chance, "percent"),
        }  # fmt: skip
        lead = "{{line}}"
        if name is not None:
            slots["name"] = (name, "name")
            own = self.pieces.cell(gap, "own_spend_12m")
            lead = (
                "{{name}} could buy more {{line}}"
                if number(own)
                else ("{{name}} could take up {{line}}")
            )
        text = f"{lead}, worth about {{{{worth}}}} a year at a chance of {{{{chance}}}}"
        share, because = cells["peer_share"], cells["because"]
        if share is not None:
            slots["share"] = (share, "percent")
            text += "; {{share}} of comparable accounts buy it"
        if because is not None:
            slots["because"] = (because, "text")
            text += ". The chance rests on this: {{because}}"
        yield claim(f"space.{gap}", "metric", account, text + ".", slots=slots)

    def _together(self) -> Claim:
        worths = [Decimal(canonical(value, "money")) for value in self._rows["worth"]]
        found = (
            self._total("whitespace_worth", decimal_string(sum(worths, Decimal(0)), 2), "money"),
            self._total("whitespace_lines", decimal_string(len(worths)), "count"),
            self._total(
                "accounts_with_whitespace", decimal_string(len(self.accounts_with_gaps)), "count"
            ),
        )  # fmt: skip
        worth, lines, accounts = found
        for cell in found:
            self.pieces.take((cell,))
        slots: dict[str, Filled] = {
            "worth": (worth, "money_short"), "accounts": (accounts, "number"),
        }  # fmt: skip
        some = "account has" if len(self.accounts_with_gaps) == 1 else "accounts have"
        if self._line:
            line = self._context.analyses.cite(self.gaps[0], "line")
            shown = line.model_copy(update={"entity": self._head, "scope": worth.scope})
            self.pieces.take((shown,))
            slots["line"] = (shown, "name")
            text = f"{{{{accounts}}}} {some} whitespace in {{{{line}}}}"
        else:
            slots["lines"] = (lines, "number")
            noun = "line" if len(worths) == 1 else "lines"
            text = f"{{{{accounts}}}} {some} whitespace in {{{{lines}}}} product {noun}"
            text += ", counted account by account"
        return claim(
            "space.together", "metric", self._head,
            text + ", worth about {{worth}} a year together.", slots=slots,
        )  # fmt: skip

    def _total(self, metric: str, value: str, unit: Unit) -> Evidence:
        reading, owners = self._context.analyses.whitespace.reading, self._context.book.owners
        reps = {owners[account] or UNOWNED for account in self.accounts_with_gaps}
        return Evidence(
            entity=self._head,
            metric=metric,
            value=value,
            unit=unit,
            period=reading.period("day"),
            source=CalculationSource(
                analysis="whitespace",
                version=1,
                arguments_hash=content_hash([reading.arguments_hash("whitespace"), self.gaps]),
                pointer=f"{self._head}/{metric}",
            ),
            scope=REPS_JOINED_BY.join(sorted(reps)),
        )

    def _beyond(self) -> Iterator[Claim]:
        """Lines that sister sites buy, and relatives that are no account yet."""
        context, account = self._context, self._head.partition(":")[2]
        owner = context.book.owners[account]
        if owner is None or self._line or not has_kin(context.book, account):
            return
        market = context.analyses.market(owner)
        for entity in market.sites_of(account)[:EACH]:
            line, spend, worth = (
                self.pieces.cell(entity, name) for name in ("line", "sister_spend", "worth")
            )
            if line and spend and worth:
                yield claim(
                    f"space.{entity}", "metric", self._head,
                    "Its sister sites spend {{spend}} a year on {{line}} and it does not: worth "
                    "about {{worth}} a year.",
                    line=(line, "name"), spend=(spend, "money_short"),
                    worth=(worth, "money_short"),
                )  # fmt: skip
        for entity in market.relatives_of(account)[:EACH]:
            name, source, seen, worth = (
                self.pieces.cell(entity, metric)
                for metric in ("name", "source", "observed", "worth")
            )
            if (
                name
                and source
                and seen
                and worth
                and all(map(is_plain, (name.value, source.value)))
            ):
                yield claim(
                    f"space.{entity}", "metric", self._head,
                    "{{name}} belongs to it and is no account yet, says {{source}}, {{seen}}: "
                    "worth about {{worth}} a year, as such companies go.",
                    name=(name, "name"), source=(source, "name"), seen=(seen, "date"),
                    worth=(worth, "money_short"),
                )  # fmt: skip
