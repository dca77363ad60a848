"""A plan and its ledger written by hand, without a single fault.

Brakes and Gears of Tooele: a reseller that orders every quarter. Arithmetic, worked by
hand: (397,412.55 - 294,379.67) / 294,379.67 = 0.350000; (99,103.20 - 92,619.81) /
92,619.81 = 0.070000; (92,619.81 - 117,240.27) / 117,240.27 = -0.210000; 431,300.00 -
397,412.55 = 33,887.45; worth 3,900 + 1,600 + 620 = 6,120; score -30 + 61 + 50 = 81.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from domain.coverage import CoverageModel, parse_coverage
from domain.evidence import (
    CalculationSource,
    DocumentSource,
    Evidence,
    HumanSource,
    Ledger,
    Operation,
    RecordSource,
    Unit,
)
from domain.period import Period, planning_period, trailing
from domain.plan import (
    AccountPlanDraft,
    Citation,
    Claim,
    ClaimKind,
    Milestone,
    PersonRow,
    Play,
    ProductRow,
    Report,
    Slot,
    SlotFormat,
)
from domain.principal import Principal, Scope
from domain.record import text_hash
from domain.vocabulary import Vocabulary

AS_OF = date(2026, 11, 13)
PERIOD = planning_period(AS_OF, 90)
YEAR = str(trailing(AS_OF, 365))
YEAR_BEFORE = str(trailing(AS_OF, 365, skip=365))
DAY = AS_OF.isoformat()
ACCOUNT, REP = "account:1001", "rep:282"
JERSEYS, VESTS, RACKS = (f"{ACCOUNT}/gap:{line}" for line in ("Jerseys", "Vests", "Bike Racks"))
OWNER, BUYER = f"{ACCOUNT}/contact:C-1", f"{ACCOUNT}/contact:C-2"
DEAL = f"{ACCOUNT}/opportunity:O-3"
COVERAGE_FILE = Path(__file__).parents[2] / "examples" / "adventureworks" / "coverage.toml"

NOTE = (
    "Met Morgan Vale in the warehouse on Tuesday. We need delivery before the season opens, or "
    "we split the order between suppliers. Coffee was good."
)
SUMMARY = (
    "Call with Jordan Pell. The board releases the clothing budget together with the January "
    "order every year. Next call after the trade fair."
)
INTEL = (
    "Kelmark Cycles lowered frame prices for dealers in the western states this autumn. Dealers "
    "report longer delivery times."
)
MARKET = (
    "Resellers in the mountain states expect a shorter selling season with heavy snow. Clothing "
    "margins held steady."
)


def reader(rep: str = "282") -> Principal:
    """The account's owner."""
    return Principal(
        person="p-282",
        name="Robin Carver",
        workspace="w",
        roles=frozenset({"rep"}),
        scope=Scope(reps=frozenset({rep})),
    )


def coverage() -> CoverageModel:
    """The example company's rules with limits that these tests state themselves."""
    model = parse_coverage(COVERAGE_FILE.read_text())
    limits = {
        "note": 180, "call_summary": 180, "email": 180, "market": 365, "competitive": 180,
        "record": 730, "calculation": 366, "human": 180,
    }  # fmt: skip
    return model.model_copy(
        update={
            "freshness": model.freshness.model_copy(update=limits),
            "planning": model.planning.model_copy(
                update={
                    "bullets": 16,
                    "roles_wanted": ("economic buyer", "purchasing", "technical evaluator"),
                }
            ),
        }
    )


def calculation(
    metric: str,
    value: str,
    unit: Unit,
    *,
    entity: str = ACCOUNT,
    period: str = DAY,
    operation: Operation = "analysis",
    parents: tuple[Evidence, ...] = (),
    scope: str = "282",
) -> Evidence:
    """A cell of an analysis."""
    return Evidence(
        entity=entity,
        metric=metric,
        value=value,
        unit=unit,
        period=period,
        source=CalculationSource(
            analysis="facts",
            version=1,
            arguments_hash="0" * 64,
            pointer=f"{entity.partition(':')[2]}/{metric}",
            operation=operation,
            parents=tuple(parent.id for parent in parents),
        ),
        scope=scope,
    )


def record(
    entity: str, table: str, metric: str, value: str, unit: Unit, *, scope: str = "282"
) -> Evidence:
    """A cell of a CRM table."""
    row = entity.rpartition(":")[2]
    return Evidence(
        entity=entity,
        metric=metric,
        value=value,
        unit=unit,
        period=DAY,
        source=RecordSource(table=table, row=row, field=metric),
        scope=scope,
    )


def span(
    document: str,
    kind: str,
    text: str,
    words: str,
    *,
    about: str = ACCOUNT,
    published: date | None = date(2026, 10, 13),
    publisher: str | None = None,
    uri: str | None = None,
    author: str | None = None,
    scope: str = "282",
) -> Evidence:
    """A sentence of a document."""
    start = text.index(words)
    return Evidence(
        entity=f"{about}/document:{document}",
        metric="sentence",
        value=words,
        unit="text",
        period="",
        source=DocumentSource(
            document_hash=text_hash(text),
            start=start,
            end=start + len(words),
            document_id=document,
            document_kind=kind,
            title=f"Document {document}",
            author=author,
            author_class="external" if publisher else "customer",
            publisher=publisher,
            uri=uri,
            published=published,
            retrieved=None,
        ),
        scope=scope,
    )


def statement(text: str, *, said_on: date = AS_OF) -> Evidence:
    """Something a person typed."""
    return Evidence(
        entity=ACCOUNT,
        metric="remark",
        value=text,
        unit="text",
        period=said_on.isoformat(),
        source=HumanSource(person="Mara Lindt", said_on=said_on, where="risks"),
        scope="282",
    )


def evidence() -> dict[str, Evidence]:
    """Everything the ledger holds, by a short name."""
    c: dict[str, Evidence] = {}

    def cell(name: str, *args: str, **more: object) -> None:
        c[name] = calculation(*args, **more)  # type: ignore[arg-type]

    cell("spend", "net_spend_12m", "397412.55", "money", period=YEAR)
    cell("prior", "net_spend_prior_12m", "294379.67", "money", period=YEAR_BEFORE)
    cell(
        "spend_change", "spend_change_12m", "0.35", "change", period=YEAR, operation="change",
        parents=(c["spend"], c["prior"]),
    )  # fmt: skip
    cell("orders", "orders_12m", "4", "count", period=YEAR)
    cell("last_date", "last_order_date", "2026-10-14", "date")
    cell("first_date", "first_order_date", "2019-05-03", "date")
    cell("last", "last_order_amount", "99103.2", "money")
    cell("previous", "previous_order_amount", "92619.81", "money")
    cell("third", "third_last_order_amount", "117240.27", "money")
    cell(
        "last_change", "last_order_change", "0.07", "change", operation="change",
        parents=(c["last"], c["previous"]),
    )  # fmt: skip
    cell(
        "previous_change", "previous_order_change", "-0.21", "change", operation="change",
        parents=(c["previous"], c["third"]),
    )  # fmt: skip
    cell("interval", "order_interval_days", "91", "days")
    cell("spread", "order_interval_spread_days", "2", "days")
    cell("due", "next_order_due", "2027-01-13", "date")
    cell("since", "days_since_order", "30", "days")
    cell("category", "top_category", "Mountain Bikes", "name", period=YEAR)
    cell("category_share", "top_category_share", "0.88", "share", period=YEAR)
    cell("lines", "product_lines_12m", "9", "count", period=YEAR)
    cell("pipeline", "open_pipeline", "12500", "money")
    cell("deals", "open_opportunities", "1", "count")
    cell("contacts", "contacts", "2", "count")
    cell("touch", "last_touch_date", "2026-10-13", "date")
    cell("touch_days", "days_since_touch", "31", "days")
    cell("touches", "touches_90d", "5", "count")
    cell("p50", "potential_p50", "296720", "money", period=YEAR)
    cell("p75", "potential_p75", "431300", "money", period=YEAR)
    cell("p90", "potential_p90", "618010.4", "money", period=YEAR)
    cell(
        "open", "open_potential", "33887.45", "money", period=YEAR, operation="difference",
        parents=(c["p75"], c["spend"]),
    )  # fmt: skip
    cell("peers", "peer_count", "46", "count", period=YEAR)
    cell("base", "score_base", "-30", "points")
    cell("points_a", "points:orders", "61", "points")
    cell("points_b", "points:fit", "50", "points")
    cell(
        "score", "score", "81", "points", operation="sum",
        parents=(c["base"], c["points_a"], c["points_b"]),
    )  # fmt: skip
    cell("rank", "rank", "3", "count")
    cell("rank_of", "rank_of", "45", "count")
    cell("chance", "win_probability", "0.61", "share")
    cell("expected", "expected_value", "180999.2", "money")
    worths = []
    for gap, name, share, p75, odds, worth in (
        (JERSEYS, "Jerseys", "0.35", "8900", "0.29", "3900"),
        (VESTS, "Vests", "0.37", "4800", "0.31", "1600"),
        (RACKS, "Bike Racks", "0.3", "2300", "0.24", "620"),
    ):
        key = name.lower()
        cell(f"{key}.line", "line", name, "name", entity=gap)
        cell(f"{key}.share", "peer_share", share, "share", entity=gap, period=YEAR)
        cell(f"{key}.p75", "peer_p75", p75, "money", entity=gap, period=YEAR)
        cell(f"{key}.chance", "chance", odds, "share", entity=gap)
        cell(f"{key}.worth", "worth", worth, "money", entity=gap)
        cell(f"{key}.own", "own_spend_12m", "0", "money", entity=gap, period=YEAR)
        worths.append(c[f"{key}.worth"])
    cell(
        "worth", "whitespace_worth", "6120", "money", operation="sum", parents=tuple(worths)
    )  # fmt: skip
    cell("gaps", "whitespace_lines", "3", "count", operation="count", parents=tuple(worths))
    cell("tier_hours", "tier_hours", "11", "hours", period=str(PERIOD))
    cell("selling", "selling_hours", "288", "hours", entity=REP, period=str(PERIOD))
    cell("other", "alternative_open_potential", "68200", "money", entity=REP, period=YEAR)
    for number, name in ((7, "Foothill Cycle Supply"), (8, "Salt Flat Sports")):
        c[f"other.{number}"] = record(f"{REP}/account:{number}", "accounts", "name", name, "name")
    c["name"] = record(ACCOUNT, "accounts", "name", "Brakes and Gears", "name")
    c["segment"] = record(ACCOUNT, "accounts", "segment", "Value Added Reseller", "name")
    c["staff"] = record(ACCOUNT, "accounts", "employees", "12", "count")
    for entity, key, name, role, attitude, met in (
        (OWNER, "owner", "Jordan Pell", "economic buyer", "supportive", "2026-09-24"),
        (BUYER, "buyer", "Morgan Vale", "purchasing", "neutral", "2026-10-13"),
    ):
        c[f"{key}.name"] = record(entity, "contacts", "name", name, "name")
        c[f"{key}.role"] = record(entity, "contacts", "role", role, "text")
        c[f"{key}.attitude"] = record(entity, "contacts", "attitude", attitude, "text")
        c[f"{key}.met"] = record(entity, "contacts", "last_contact", met, "date")
    c["deal.name"] = record(DEAL, "opportunities", "name", "Spring clothing wall", "name")
    c["deal.amount"] = record(DEAL, "opportunities", "amount", "12500", "money")
    c["deal.closes"] = record(DEAL, "opportunities", "closes", "2027-01-29", "date")
    c["deal.opened"] = record(DEAL, "opportunities", "opened", "2026-09-02", "date")
    c["said"] = span(
        "D-1", "note", NOTE,
        "We need delivery before the season opens, or we split the order between suppliers.",
        author="Morgan Vale",
    )  # fmt: skip
    c["said.author"] = record(
        f"{ACCOUNT}/document:D-1", "documents", "author", "Morgan Vale", "name"
    )
    c["said.date"] = record(
        f"{ACCOUNT}/document:D-1", "documents", "published", "2026-10-13", "date"
    )
    c["budget"] = span(
        "D-2", "call_summary", SUMMARY,
        "The board releases the clothing budget together with the January order every year.",
        published=date(2026, 9, 24),
    )  # fmt: skip
    c["intel"] = span(
        "D-3", "competitive", INTEL,
        "Kelmark Cycles lowered frame prices for dealers in the western states this autumn.",
        about="segment:Value Added Reseller", publisher="Trade Weekly",
        uri="https://trade.example/frames", published=date(2026, 11, 4), scope="",
    )  # fmt: skip
    c["intel.publisher"] = record(
        "segment:Value Added Reseller/document:D-3", "documents", "publisher", "Trade Weekly",
        "name", scope="",
    )  # fmt: skip
    c["market"] = span(
        "D-4", "market", MARKET,
        "Resellers in the mountain states expect a shorter selling season with heavy snow.",
        about="segment:Value Added Reseller", publisher="Snow Bureau",
        uri="https://snow.example/season", published=date(2026, 8, 1), scope="",
    )  # fmt: skip
    c["remark"] = statement("Ask whether the summer drop was about stock or about demand.")
    return c


TEXTS = {text_hash(text): text for text in (NOTE, SUMMARY, INTEL, MARKET)}


def vocabulary() -> Vocabulary:
    """Names and words of this little book."""
    return Vocabulary(
        aliases={
            "Brakes and Gears": (ACCOUNT,),
            "Foothill Cycle Supply": ("account:7",),
            "Salt Flat Sports": ("account:8",),
            "Jordan Pell": (OWNER,),
            "Pell": (OWNER,),
            "Morgan Vale": (BUYER,),
            "Vale": (BUYER,),
            "Robin Carver": (REP,),
            "HL Mountain Frame": ("product:1",),
            "Adventure Works": ("company",),
            "Kelmark Cycles": ("competitor",),
            "Norvane Bikes": ("competitor",),
        },
        words=frozenset({"Value Added Reseller", "North America", "Tooele", "Tier 1", "Jerseys"}),
        competitors=frozenset({"Kelmark Cycles", "Norvane Bikes"}),
    )


def claim(
    key: str,
    kind: ClaimKind,
    text: str,
    *cites: Evidence,
    subject: str = ACCOUNT,
    premises: tuple[str, ...] = (),
    quotes: dict[str, str] | None = None,
    **slots: tuple[Evidence, SlotFormat],
) -> Claim:
    """A claim that cites its slots and `cites`; documents in text slots are quoted whole."""
    found = {item.id: item for item, _ in slots.values()} | {item.id: item for item in cites}
    shown = {item.id for item, form in slots.values() if form == "text"}
    return Claim(
        key=key,
        kind=kind,
        subject=subject,
        text=text,
        slots=[
            Slot(name=name, evidence_id=item.id, format=form)
            for name, (item, form) in slots.items()
        ],
        citations=[
            Citation(
                evidence_id=item.id,
                quote=(quotes or {}).get(item.id)
                or (item.value if item.kind == "document" and item.id in shown else None),
            )
            for item in found.values()
        ],
        premises=list(premises),
    )


def draft(e: dict[str, Evidence]) -> AccountPlanDraft:
    """The plan over those facts."""
    return AccountPlanDraft(
        account_id="1001",
        objective=claim(
            "objective", "recommendation",
            "Protect the order due about {{due}}, the last of which was worth {{amount}}, then "
            "add product lines worth about {{worth}} a year together.",
            due=(e["due"], "date"), amount=(e["last"], "money_short"),
            worth=(e["worth"], "money_short"),
        ),
        where_we_stand=[
            claim(
                "stand.spend", "metric",
                "Net spend over the past year is {{spend}}, up {{change}} on {{prior}} the year "
                "before.",
                spend=(e["spend"], "money_short"), change=(e["spend_change"], "change"),
                prior=(e["prior"], "money_short"),
            ),
            claim(
                "stand.rank", "metric",
                "It ranks {{rank}} of {{of}} accounts, with a score of {{score}}.",
                rank=(e["rank"], "number"), of=(e["rank_of"], "number"),
                score=(e["score"], "points"),
            ),
            claim(
                "stand.rhythm", "metric",
                "It orders every {{gap}}, within a spread of {{spread}}; the next order is due "
                "about {{due}}.",
                gap=(e["interval"], "days"), spread=(e["spread"], "days"), due=(e["due"], "date"),
            ),
            claim(
                "stand.mix", "metric", "{{category}} makes up {{share}} of what it buys.",
                category=(e["category"], "name"), share=(e["category_share"], "percent"),
            ),
        ],
        why_now=[
            claim(
                "now.said", "quote", "{{author}}, {{date}}: {{said}}",
                author=(e["said.author"], "name"), date=(e["said.date"], "date"),
                said=(e["said"], "text"),
            ),
            claim(
                "now.orders", "metric",
                "The last order recovered {{last}}, after the order before it fell {{before}}.",
                last=(e["last_change"], "change"), before=(e["previous_change"], "change"),
            ),
            claim(
                "now.deal", "metric",
                "{{deal}} is a deal worth {{amount}} and closes on {{closes}}.",
                subject=DEAL, deal=(e["deal.name"], "name"), amount=(e["deal.amount"], "money"),
                closes=(e["deal.closes"], "date"),
            ),
        ],
        buying_group=[
            claim(
                "group.budget", "quote",
                "{{name}} told us “the clothing budget together with the January order”.",
                e["budget"], subject=OWNER, name=(e["owner.name"], "name"),
                quotes={e["budget"].id: "the clothing budget together with the January order"},
            ),
            claim(
                "group.met", "metric", "Last contact with {{name}} was on {{met}}.",
                subject=BUYER, name=(e["buyer.name"], "name"), met=(e["buyer.met"], "date"),
            ),
        ],
        people=[
            PersonRow(contact=OWNER, role="economic buyer", note=None),
            PersonRow(contact=BUYER, role="purchasing", note=None),
            PersonRow(
                contact=None, role="technical evaluator",
                note=claim(
                    "group.gap", "recommendation",
                    "Nobody on file decides on components; ask {{name}} who does.",
                    name=(e["owner.name"], "name"),
                ),
            ),
        ],
        whitespace=[
            claim(
                "space.open", "metric",
                "Open potential is {{open}} a year, up to the upper quartile of its peers at "
                "{{p75}}.",
                open=(e["open"], "money_short"), p75=(e["p75"], "money_short"),
            ),
            claim(
                "space.jerseys", "metric",
                "Of its peers {{share}} buy {{line}}, which has a chance of {{chance}} here.",
                subject=JERSEYS, share=(e["jerseys.share"], "percent"),
                line=(e["jerseys.line"], "name"), chance=(e["jerseys.chance"], "percent"),
            ),
        ],
        products=[ProductRow(gap=JERSEYS), ProductRow(gap=VESTS), ProductRow(gap=RACKS)],
        competition=[
            claim(
                "rival.frames", "quote", "{{publisher}} reports: {{said}}",
                publisher=(e["intel.publisher"], "name"), said=(e["intel"], "text"),
            )
        ],
        plays=[
            Play(
                key="supply", kind="internal",
                what=claim(
                    "play.supply", "recommendation",
                    "With operations, confirm in writing that {{category}} can be delivered for "
                    "the order due about {{due}}.",
                    premises=("objective", "now.said"), category=(e["category"], "name"),
                    due=(e["due"], "date"),
                ),
                contact=None, done_by="rep", before=e["due"].id, value=None, objection=None,
                done_when=claim(
                    "play.supply.done", "recommendation",
                    "Delivery dates are with {{name}} in writing.", premises=("play.supply",),
                    name=(e["buyer.name"], "name"),
                ),
            ),
            Play(
                key="agree", kind="call",
                what=claim(
                    "play.agree", "recommendation",
                    "Call {{name}} and agree the outline of the next order, against {{amount}} "
                    "last time.",
                    premises=("objective",), name=(e["owner.name"], "name"),
                    amount=(e["last"], "money_short"),
                ),
                contact=OWNER, done_by="rep", before=e["due"].id,
                value=claim(
                    "play.agree.value", "quote", "They plan it so: {{said}}",
                    said=(e["budget"], "text"),
                ),
                objection=claim(
                    "play.agree.objection", "assumption",
                    "Terms may come up; offer the terms of the last order.",
                ),
                done_when=claim(
                    "play.agree.done", "recommendation", "Quantity and delivery week are agreed.",
                    premises=("play.agree",),
                ),
            ),
        ],
        milestones=[
            Milestone(
                play="agree",
                what=claim(
                    "milestone.agree", "recommendation", "Order outline agreed.",
                    premises=("play.agree",),
                ),
            )
        ],
        success=[
            claim(
                "success", "recommendation",
                "Measured by the value of the next order against {{amount}} last time.",
                premises=("objective",), amount=(e["last"], "money_short"),
            )
        ],
        risks=[
            claim(
                "risk.season", "fact",
                "Resellers in the mountain states expect a shorter selling season.", e["market"],
            )
        ],
        against=claim(
            "against", "recommendation",
            "The same hours on {{a}} and {{b}} carry {{other}} of open potential.",
            subject=REP, premises=("objective",), a=(e["other.7"], "name"),
            b=(e["other.8"], "name"), other=(e["other"], "money_short"),
        ),
        unknowns=[
            claim("unknown.margin", "assumption", "Not known: the margin by product line."),
            claim("unknown.asked", "fact", "Asked in review: {{remark}}",
                  remark=(e["remark"], "text")),
        ],
    )  # fmt: skip


@dataclass(frozen=True)
class Example:
    """The good plan with everything it is checked against."""

    evidence: dict[str, Evidence]
    draft: AccountPlanDraft
    ledger: Ledger
    reader: Principal
    coverage: CoverageModel
    as_of: date = AS_OF
    period: Period = PERIOD
    currency: str = "USD"

    def check(self, draft: AccountPlanDraft | None = None, ledger: Ledger | None = None) -> Report:
        """Check this draft, or another, against this ledger, or another."""
        from agent.verifier.check import check_plan

        return check_plan(
            draft or self.draft,
            ledger or self.ledger,
            self.reader,
            self.coverage,
            as_of=self.as_of,
            period=self.period,
            currency=self.currency,
        )

    def with_claim(self, key: str, **changes: object) -> AccountPlanDraft:
        """The draft with one claim changed."""
        from agent.verifier.rewriting import rewrite

        return rewrite(self.draft, lambda c: c.model_copy(update=changes) if c.key == key else c)

    def adding(self, *facts: Evidence) -> Ledger:
        """The ledger with more facts."""
        return Ledger.of(
            [*self.ledger.entries.values(), *facts], self.ledger.texts, self.ledger.vocabulary
        )


def example() -> Example:
    """Build it; the same bytes every time."""
    facts = evidence()
    return Example(
        evidence=facts,
        draft=draft(facts),
        ledger=Ledger.of(facts.values(), TEXTS, vocabulary()),
        reader=reader(),
        coverage=coverage(),
    )
