"""What changed, in sentences and a table."""

from __future__ import annotations

from collections.abc import Iterator

from agent.chat.context import ChatContext
from agent.chat.tools.pieces import Pieces, listed, number
from agent.chat.tools.territory import Selection
from agent.claims import Filled, claim
from domain.errors import NotCitable
from domain.evidence import Evidence
from domain.plan import Claim
from tools.change_cells import Changes, NewLine

MOVERS, LINES, QUIET, MOVES = 5, 2, 3, 3
_DEALS = (("opened", "opened"), ("won", "won"), ("lost", "lost"))


class Words:
    """Writes what `found` says changed of what was asked `about`.

    `pieces` holds the evidence that was used, `single` says that it is one account.
    """

    def __init__(
        self, context: ChatContext, found: Changes, about: Selection, pieces: Pieces
    ) -> None:
        self._context = context
        self.found = found
        self.about = about
        self.pieces = pieces
        self.single = about.head.startswith("account:")

    def claims(self) -> list[Claim]:
        """Write the sentences: orders, deals, lines, touches, people, accounts, standing."""
        claims = [
            item
            for item in (self._orders(), self._deals(), self._lines_counted(), self._touches())
            if item is not None
        ]
        claims += self._quiet()
        if not self.single:
            claims += [self._mover(account) for account in self.movers()[:MOVERS]]
        claims += [self._new_line(item) for item in self._best_lines()]
        claims += self._moved()
        return claims

    def movers(self) -> list[str]:
        """Accounts by how far net orders are from the year before, the furthest first."""
        table = self.found.table
        prior = table["order_value_prior_span"].fillna(0.0)
        gap = (table["order_value_span"].fillna(0.0) - prior).abs().round(2)
        moved = gap[gap > 0].sort_values(ascending=False, kind="stable")
        return [str(account) for account in moved.index]

    def label(self, account_id: str) -> str:
        """An account's name, for an offer."""
        return self.pieces.label("accounts", account_id)

    def cell(self, metric: str, entity: str = "") -> Evidence | None:
        """Take a figure of an entity, of the head without one; None where it is not known."""
        try:
            return self.pieces.take(self.found.cite_all(entity or self.about.head, metric))
        except NotCitable:
            return None

    def _orders(self) -> Claim | None:
        head = self.about.head
        since, name = self.cell("since"), self.about.name(self.pieces, self._context)
        value, orders = self.cell("order_value_span"), self.cell("orders_span")
        assert since is not None
        slots: dict[str, Filled] = {"since": (since, "date")}
        who = "{{accounts}} accounts"
        if name is not None:
            slots["name"] = (name, "name")
        accounts = None if self.single else self.cell("accounts_span")
        if self.single:
            who = "{{name}}"
        elif accounts is not None:
            slots["accounts"] = (accounts, "number")
            of = f"{{{{name}}}}'s {who}" if self.about.rep_id else f"the {who} of {{{{name}}}}"
            who = of if name is not None else f"the {who} you see"
            who += " in that territory" if self.about.rep_id and self.about.territory_id else ""
        has = "has" if self.single else "have"
        if value is None or orders is None:
            return claim(
                "changes.orders", "fact", head,
                f"Since {{{{since}}}}, what {who} ordered is not known: no order is on file.",
                slots=slots,
            )  # fmt: skip
        if not number(orders) and not number(value):
            text = f"Since {{{{since}}}}, {who} {has} placed no order"
            cites: tuple[Evidence, ...] = (orders, value)
        else:
            slots |= {"orders": (orders, "number"), "value": (value, "money_short")}
            noun = "order" if number(orders) == 1 else "orders"
            text = f"Since {{{{since}}}}, {who} {has} placed {{{{orders}}}} {noun} worth "
            text += "{{value}} net of returns"
            cites = ()
        text += self._against(slots)
        return claim("changes.orders", "metric", head, text + ".", slots=slots, cites=cites)

    def _against(self, slots: dict[str, Filled], entity: str = "") -> str:
        """Add the comparison with the year before to `slots`, and return its words."""
        prior, value = (
            self.cell(metric, entity) for metric in ("order_value_prior_span", "order_value_span")
        )
        if prior is None or value is None:
            return ""
        slots["prior"] = (prior, "money_short")
        before = "{{prior}} in orders of the same days a year before"
        change = self.cell("order_value_change", entity)
        if not number(value):
            return f", after {before}" if number(prior) else f", and {before}"
        if change is None:
            return f", against {before}"
        slots["change"] = (change, "change")
        return f", {{{{change}}}} against {before}"

    def _deals(self) -> Claim | None:
        slots: dict[str, Filled] = {}
        parts, nothing = [], []
        for word, told in _DEALS:
            count, value = self.cell(f"deals_{word}_span"), self.cell(f"deals_{word}_value_span")
            if count is None or value is None:
                return None
            if not number(count):
                nothing.append(count)
                continue
            slots[word] = (count, "number")
            noun = "deal was" if number(count) == 1 else "deals were"
            part = f"{{{{{word}}}}} {noun} {told}"
            if number(value):
                slots[f"{word}_value"] = (value, "money_short")
                part += f" for {{{{{word}_value}}}}"
            parts.append(part)
        if not parts:
            return claim(
                "changes.deals", "fact", self.about.head,
                "No deal was opened, won or lost.", cites=tuple(nothing),
            )  # fmt: skip
        missed = [word for word, _ in _DEALS if word not in slots]
        text = listed(parts)
        if missed:
            text += f"; none was {' or '.join(missed)}"
        return claim(
            "changes.deals", "metric", self.about.head, text[:1].upper() + text[1:] + ".",
            slots=slots, cites=tuple(nothing),
        )  # fmt: skip

    def _lines_counted(self) -> Claim | None:
        lines = self.cell("new_lines_span")
        if lines is None or not number(lines):
            return None
        some = "product line was" if number(lines) == 1 else "product lines were"
        each = "" if self.single else ", counted account by account"
        return claim(
            "changes.lines", "metric", self.about.head,
            f"{{{{lines}}}} {some} bought for the first time{each}.",
            lines=(lines, "number"),
        )  # fmt: skip

    def _touches(self) -> Claim | None:
        touches, papers = self.cell("touches_span"), self.cell("documents_span")
        prior = self.cell("touches_prior_span")
        slots: dict[str, Filled] = {}
        parts = []
        if touches is not None:
            slots["touches"] = (touches, "number")
            noun = "touch" if number(touches) == 1 else "touches"
            part = f"{{{{touches}}}} {noun} took place"
            if prior is not None:
                slots["prior"] = (prior, "number")
                part += " ({{prior}} touches in the same days a year before)"
            parts.append(part)
        if papers is not None:
            slots["papers"] = (papers, "number")
            noun = "document was" if number(papers) == 1 else "documents were"
            parts.append(f"{{{{papers}}}} {noun} filed")
        if not parts:
            return None
        text = listed(parts)
        return claim(
            "changes.touches", "metric", self.about.head, text[:1].upper() + text[1:] + ".",
            slots=slots,
        )  # fmt: skip

    def _quiet(self) -> Iterator[Claim]:
        quiet = self.cell("quiet_contacts_span")
        if quiet is None or not number(quiet):
            return
        some = "contact has" if number(quiet) == 1 else "contacts have"
        yield claim(
            "changes.quiet", "metric", self.about.head,
            f"{{{{quiet}}}} {some} gone quiet: in touch in as many days before, and not since.",
            quiet=(quiet, "number"),
        )  # fmt: skip
        order = {account: place for place, account in enumerate(self.about.accounts)}
        people = sorted(self.found.quiet, key=lambda item: (order[item[0]], item[1]))
        for place, (account, contact) in enumerate(people[:QUIET]):
            entity = f"account:{account}/contact:{contact}"
            owner = self.found.owners[account]
            name = self.pieces.named("contacts", contact, entity, scope=owner)
            met = self.pieces.field(
                "contacts", contact, entity, "last_contact", "date", scope=owner
            )
            at = self.pieces.account(account)
            if name and met and at:
                yield claim(
                    f"changes.quiet.{place}", "fact", f"account:{account}",
                    "{{name}} of {{at}} was last heard from on {{met}}.",
                    name=(name, "name"), at=(at, "name"), met=(met, "date"),
                )  # fmt: skip

    def _mover(self, account: str) -> Claim:
        entity = f"account:{account}"
        name, value = self.pieces.account(account), self.cell("order_value_span", entity)
        assert name is not None
        assert value is not None
        slots: dict[str, Filled] = {"name": (name, "name")}
        cites: tuple[Evidence, ...] = ()
        if number(value):
            slots["value"] = (value, "money_short")
            text = "{{name}} ordered for {{value}} net"
        else:
            text, cites = "{{name}} has not ordered", (value,)
        text += self._against(slots, entity)
        return claim(
            f"changes.account.{account}", "metric", entity, text + ".", slots=slots, cites=cites
        )

    def _best_lines(self) -> list[NewLine]:
        """First orders of lines worth telling: of whole accounts that bought before."""
        lines = [item for item in self.found.new_lines if item.amount > 0]
        return sorted(lines, key=lambda item: (-item.amount, item.account_id, item.line))[:LINES]

    def _new_line(self, item: NewLine) -> Claim:
        line, day, value = self.found.line_cells(item)
        for cell in (line, day, value):
            self.pieces.take((cell,))
        name = self.pieces.account(item.account_id)
        assert name is not None
        return claim(
            f"changes.line.{item.account_id}.{item.line}", "metric", f"account:{item.account_id}",
            "{{name}} bought {{line}} for the first time on {{day}}, for {{value}} so far.",
            name=(name, "name"), line=(line, "name"), day=(day, "date"),
            value=(value, "money_short"),
        )  # fmt: skip

    def _moved(self) -> Iterator[Claim]:
        """Tiers and scores that moved since the last book: tiers first, then the best ranks."""
        movement = self._context.analyses.movement
        if movement is None:
            return
        moves = (movement.moves.get(account) for account in self.about.accounts)
        moved = [move for move in moves if move is not None and move.moved]
        moved.sort(key=lambda move: move.tier == move.tier_before)
        for move in moved[:MOVES]:
            account = move.account_id
            note = self.pieces.cell(f"account:{account}", "movement_note")
            name = self.pieces.account(account)
            if note is None or name is None:
                continue
            yield claim(
                f"changes.moved.{account}", "fact", f"account:{account}",
                "Standing of {{name}}: {{note}}.", name=(name, "name"), note=(note, "text"),
            )  # fmt: skip
