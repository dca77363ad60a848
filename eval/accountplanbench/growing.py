"""Grow a book of one industry from a seed: reps, accounts, people, orders, deals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from eval.accountplanbench.alikes import pair_up
from eval.accountplanbench.book import Book
from eval.accountplanbench.deals import add_deals
from eval.accountplanbench.hidden import seal
from eval.accountplanbench.industries import INDUSTRIES, Industry, Segment
from eval.accountplanbench.names import Names
from eval.accountplanbench.orders import Buyer, Course, OrderBook
from eval.accountplanbench.people import Relations
from eval.accountplanbench.periods import quarter_of
from eval.accountplanbench.places import MARKETS, City
from eval.accountplanbench.rows import Account, Leave, Product, Quota, Rep, Territory
from eval.accountplanbench.world import World

_ALWAYS: tuple[tuple[Course, int], ...] = (("star", 0), ("dormant", 2), ("thin", 2))
"""What every rep has one of, and in which segment."""
_COURSES: tuple[Course, ...] = ("growing", "steady", "steady", "falling")
_LINES = {"star": (4, 5), "growing": (3, 4), "steady": (2, 4), "falling": (2, 3)}


def grow(industry: Industry, name: str, rng: Random) -> World:
    """Return a book of an industry: everything in it hangs on `rng` alone."""
    market = MARKETS[rng.choice(industry.markets)]
    as_of = date(rng.choice((2026, 2027)), rng.choice(industry.months), rng.randint(3, 27))
    book = Book(name, industry.company, as_of, market.currency, market.money)
    world = World(book, industry, market, Names(rng), rng.sample(range(100, 1000), 900))
    _staff(world, rng)
    _catalogue(world)
    _settle(world, rng)
    _trade(world, rng)
    pair_up(world, rng)
    _quotas(world, rng)
    seal(world, rng)
    return world


def industry_named(key: str) -> Industry:
    """Return an industry; StopIteration where there is none."""
    return next(item for item in INDUSTRIES if item.key == key)


def _staff(world: World, rng: Random) -> None:
    """Write managers, a colleague in support of each, and reps with their leave."""
    book, industry, groups = world.book, world.industry, world.market.groups
    people: list[tuple[str, str | None]] = [("manager", None)] * industry.managers
    managers = [f"R-{index + 1:02d}" for index in range(industry.managers)]
    support = ("inside_sales", "solution_engineering")
    people += [(support[index % 2], manager) for index, manager in enumerate(managers)]
    sellers = rng.randint(*industry.reps)
    people += [("rep", managers[index % len(managers)]) for index in range(sellers)]
    for index, (function, manager) in enumerate(people):
        city = rng.choice(groups[index % len(groups)].cities)
        book.reps.append(
            Rep(
                rep_id=f"R-{index + 1:02d}",
                name=world.names.person(),
                function=function,
                manager_id=manager,
                team=f"Team {managers.index(manager) + 1 if manager else index + 1}",
                base_city=city.name,
                base_latitude=city.latitude,
                base_longitude=city.longitude,
                time_zone=city.time_zone,
                selling_hours_week=rng.choice((18, 20, 22, 25, 28, None)),
                active_from=book.as_of - timedelta(days=rng.randint(1_100, 3_200)),
            )
        )
    for rep in book.sellers():
        for ahead in (True, False):
            if rng.random() < 0.6:
                shift = rng.randint(9, 60) if ahead else -rng.randint(30, 200)
                starts = book.as_of + timedelta(days=shift)
                book.leave.append(
                    Leave(
                        leave_id=f"V-{len(book.leave) + 1:02d}",
                        rep_id=rep.rep_id,
                        starts=starts,
                        ends=starts + timedelta(days=rng.randint(2, 11)),
                        reason=rng.choice(("Annual leave", "Training", "Parental leave")),
                    )
                )
    for index, group in enumerate(groups):
        book.territories.append(
            Territory(f"G-{index + 1}", group.name, group.cities[0].country, group.name)
        )


def _catalogue(world: World) -> None:
    """Write two products of each line."""
    for line in world.industry.lines:
        for grade, price in zip(("Standard", "Plus"), line.prices, strict=True):
            world.book.products.append(
                Product(
                    product_id=f"P-{len(world.book.products) + 1:02d}",
                    name=f"{line.name} {grade}",
                    category=line.family,
                    subcategory=line.name,
                    list_price=Decimal(price * world.market.scale),
                )
            )


def _settle(world: World, rng: Random) -> None:
    """Write accounts: for each rep the same cast at least, then by the segments' shares."""
    segments = world.industry.segments
    size = rng.randint(*world.industry.accounts)
    ids = iter(rng.sample(range(101, 999), size))
    sellers = world.book.sellers()
    prospects = rng.randint(2, 4)
    for rep in sellers:
        for course, place in _ALWAYS:
            _account(world, rng, next(ids), segments[place], course, rep.rep_id)
    left = size - len(sellers) * len(_ALWAYS) - prospects
    places = [0] * round(left * 0.28) + [1] * round(left * 0.38)
    places += [2] * (left - len(places))
    rng.shuffle(places)
    for index, place in enumerate(places):
        rep = sellers[index % len(sellers)]
        _account(world, rng, next(ids), segments[place], rng.choice(_COURSES), rep.rep_id)
    for index in range(prospects):
        owner = sellers[index % len(sellers)].rep_id if index % 2 else None
        _account(world, rng, next(ids), rng.choice(segments), "prospect", owner)
    _families(world, rng)


def _account(
    world: World, rng: Random, number: int, segment: Segment, course: Course, owner: str | None
) -> None:
    book, groups = world.book, world.market.groups
    index = rng.randrange(len(groups))
    if owner is not None:
        index = book.sellers().index(book.rep(owner)) % len(groups)
    city: City = rng.choice(groups[index].cities)
    account = Account(
        account_id=f"A-{number}",
        name=world.names.company(rng.choice(segment.trades)),
        owner_id=owner,
        territory_id=f"G-{index + 1}",
        industry=segment.industry,
        segment=segment.name,
        employees=_between(rng, segment.staff, course),
        country=city.country,
        region=city.region,
        city=city.name,
        latitude=city.latitude,
        longitude=city.longitude,
        time_zone=city.time_zone,
        updated=book.as_of - timedelta(days=rng.randint(2, 500)),
    )
    book.accounts.append(account)
    world.courses[account.account_id] = course
    wanted = rng.randint(*_LINES.get(course, (1, 2)))
    if segment is world.industry.segments[2]:
        wanted = min(wanted, 2)
    world.lines[account.account_id] = tuple(rng.sample(world.industry.lines, wanted))


def _between(rng: Random, bounds: tuple[int, int], course: Course) -> int:
    """Draw between bounds: a star from the upper half, a dormant account from the lower."""
    low, high = bounds
    middle = (low + high) // 2
    if course == "star":
        return rng.randint(middle, high)
    return rng.randint(low, middle) if course == "dormant" else rng.randint(low, high)


def _families(world: World, rng: Random) -> None:
    """Put one or two accounts below another of the same owner."""
    for rep in rng.sample(world.book.sellers(), 2):
        mine = [
            account
            for account in world.owned_by(rep.rep_id)
            if world.courses[account.account_id] in ("growing", "steady", "falling")
        ]
        if len(mine) > 2:
            head, *below = rng.sample(mine, 2)
            for account in below:
                account.parent_id = head.account_id


def _trade(world: World, rng: Random) -> None:
    book, industry = world.book, world.industry
    orders = OrderBook(book.as_of, industry.rhythm, rng)
    relations = Relations(book, world.names, rng)
    topics = [line.name for line in industry.lines]
    spends: dict[str, int] = {}
    for account in book.accounts:
        course = world.courses[account.account_id]
        segment = next(item for item in industry.segments if item.name == account.segment)
        spend = _between(rng, segment.spend, course) * world.market.scale
        spends[account.account_id] = spend
        lines = {line.name for line in world.lines[account.account_id]}
        orders.fill(
            Buyer(
                account_id=account.account_id,
                rep_id=account.owner_id,
                course=course,
                spend=spend,
                gap=rng.choice(industry.gaps),
                products=[item for item in book.products if item.subcategory in lines],
            )
        )
        relations.meet(account, course, topics)
    book.orders += orders.lines
    add_deals(world, spends, rng)


def _quotas(world: World, rng: Random) -> None:
    """Give every rep a quota for the quarter of the book, three before and one after."""
    book = world.book
    year_ago = book.as_of - timedelta(days=364)
    for rep in book.sellers():
        mine = {account.account_id for account in world.owned_by(rep.rep_id)}
        spend = sum(
            float(line.amount)
            for line in book.orders
            if line.account_id in mine and year_ago <= line.ordered <= book.as_of
        )
        for starts, ends in _quarters(book.as_of, world.industry.first_month):
            # Not round, so that a quota can be told from any other figure.
            amount = round(spend / 4 * rng.uniform(0.95, 1.3) / 1000) * 1000 + 250
            book.quotas.append(
                Quota(f"Q-{len(book.quotas) + 1:03d}", rep.rep_id, starts, ends, Decimal(amount))
            )


def _quarters(as_of: date, first_month: int) -> Iterator[tuple[date, date]]:
    starts, ends = quarter_of(as_of, first_month)
    spans = [(starts, ends)]
    for _ in range(3):
        spans.insert(0, quarter_of(spans[0][0] - timedelta(days=1), first_month))
    yield from spans
    yield quarter_of(ends + timedelta(days=1), first_month)
