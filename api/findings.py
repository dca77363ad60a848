"""What plans found out about their accounts: adding, removing, and what follows from them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import ValidationError

from api.planning import superseded
from api.running import run_id_for
from domain.errors import InvalidInput, NotFound
from domain.findings import (
    LONGEST_REASON,
    MOST_FINDINGS,
    Attitude,
    Level,
    OpenStage,
    OpportunityFinding,
    PlanFinding,
    PotentialFinding,
    RelationshipFinding,
    Role,
    money_string,
    same_name,
    with_finding,
)
from domain.plan import PlanVersion
from domain.principal import Principal
from domain.record import Record

if TYPE_CHECKING:
    from agent.context import PlanningContext
    from agent.runs import PlanRuns
    from api.reading import Reading
    from api.workspace import Workspace

LONGEST_DEAL_DAYS = 5 * 365


class FindingRequest(Record):
    """What a person found out, as they typed it; which fields count follows from `kind`.

    `potential` takes `amount` (currency a year); `relationship` takes `contact` (the id of
    a contact of the account, or the full name of somebody the CRM does not hold), and of
    `level`, `role`, `attitude`, `met_on` what is known (`met` without a day is the book's);
    `opportunity` takes `name`, `stage`, `closes` and `amount`. `reason` says how it is
    known. `base_version` is the version the person read.
    """

    kind: Literal["potential", "relationship", "opportunity"]
    reason: str = ""
    amount: str | None = None
    contact: str | None = None
    level: str | None = None
    role: str | None = None
    attitude: str | None = None
    met: bool = False
    met_on: date | None = None
    name: str | None = None
    stage: str | None = None
    closes: date | None = None
    base_version: int | None = None


def add(
    workspace: Workspace, principal: Principal, plan_id: str, request: FindingRequest
) -> PlanVersion:
    """Store a new version with a finding more; an approval of an earlier version is void.

    A finding about the same (the potential, a person, a deal) is replaced, and so said
    anew as of the current book's date.

    Raises
    ------
    NotFound
        The plan is missing or out of scope, or the account has no such contact.
    PlanSuperseded
        `base_version` is given and is not the newest version.
    InvalidInput
        What was typed cannot be a finding, or the CRM says it already.
    """
    with workspace.running(f"plan:{plan_id}"):
        newest = _newest(workspace, principal, plan_id, request.base_version)
        finding = _read(workspace, principal, newest, request)
        held = newest.content.plan_findings
        if finding in held:
            raise InvalidInput(
                f"Version {newest.version} of plan {plan_id} says so already.",
                hint="Nothing has to be done.",
            )
        findings = with_finding(held, finding)
        if len(findings) > MOST_FINDINGS:
            raise InvalidInput(
                f"A plan may hold {MOST_FINDINGS} findings.",
                hint=f"Remove one first: cadastre plan finding {plan_id} --remove N",
            )
        return _stored(workspace, principal, newest, findings)


def remove(
    workspace: Workspace,
    principal: Principal,
    plan_id: str,
    number: int,
    *,
    base_version: int | None = None,
) -> PlanVersion:
    """Store a new version without the finding of that number.

    Raises
    ------
    NotFound
        The plan is missing or out of scope, or has no such finding.
    PlanSuperseded
        `base_version` is given and is not the newest version.
    """
    with workspace.running(f"plan:{plan_id}"):
        newest = _newest(workspace, principal, plan_id, base_version)
        held = newest.content.plan_findings
        if not 1 <= number <= len(held):
            holds = f"it holds {len(held)}" if held else "it holds none"
            raise NotFound(
                f"Version {newest.version} of plan {plan_id} has no finding {number}; {holds}.",
                hint=f"Read them with `cadastre plan show {plan_id}`.",
            )
        left = tuple(item for place, item in enumerate(held, start=1) if place != number)
        return _stored(workspace, principal, newest, left)


def _newest(
    workspace: Workspace, principal: Principal, plan_id: str, base_version: int | None
) -> PlanVersion:
    newest = workspace.store.plans.version(principal, plan_id)
    if base_version is not None and base_version != newest.version:
        raise superseded(plan_id, base_version, newest.version)
    return newest


def _stored(
    workspace: Workspace,
    principal: Principal,
    newest: PlanVersion,
    findings: tuple[PlanFinding, ...],
) -> PlanVersion:
    plan_id = newest.plan_id
    plain = [item.model_dump(mode="json") for item in findings]

    def begin(runs: PlanRuns, context: PlanningContext, run_id: str) -> object:
        return runs.find(context, run_id, plan_id, base_version=newest.version, findings=findings)

    workspace.desk.drive(
        workspace,
        principal,
        run_id_for("findings", plan_id, newest.version, plain, principal.person),
        kind="edit",
        account_id=newest.content.account_id,
        plan_id=plan_id,
        begin=begin,
    )
    return workspace.store.plans.version(principal, plan_id)


def _read(
    workspace: Workspace, principal: Principal, newest: PlanVersion, request: FindingRequest
) -> PlanFinding:
    """Turn what was typed into a finding, said on the current book's date."""
    reading = workspace.reading(principal)
    account_id = newest.content.account_id
    if account_id not in reading.book.owners:
        raise InvalidInput(
            f"{newest.content.account_name} is not in the book of {reading.book.as_of} any more.",
            hint="A finding is about an account of the current book.",
        )
    said = {
        "reason": _reason(request.reason),
        "person": principal.person,
        "person_name": principal.name,
        "said_on": reading.book.as_of,
    }
    _demand_fields(request)
    try:
        if request.kind == "potential":
            return PotentialFinding(amount=_amount(request.amount), **said)
        found: RelationshipFinding | OpportunityFinding
        if request.kind == "relationship":
            found = _relationship(reading, account_id, request, said)
        else:
            found = _opportunity(reading, request, said)
    except ValidationError as error:
        told = "; ".join(f"{item['loc'][-1]}: {item['msg']}" for item in error.errors())
        raise InvalidInput(f"This cannot be a finding: {told}.", hint="Correct it.") from error
    from tools.finding_states import told_by_book

    known = told_by_book(reading.book, account_id, found)
    if known:
        raise InvalidInput(
            f"A finding is what the CRM does not say, and {known}.",
            hint="Nothing has to be done: the analyses read the CRM.",
        )
    return found


_FIELDS: dict[str, tuple[str, ...]] = {
    "potential": ("amount",),
    "relationship": ("contact", "level", "role", "attitude", "met_on"),
    "opportunity": ("name", "stage", "amount", "closes"),
}


def _demand_fields(request: FindingRequest) -> None:
    said = {"kind", "reason", "base_version", "met"}
    given = request.model_dump(exclude=said, exclude_none=True)
    surplus = sorted(set(given) - set(_FIELDS[request.kind]))
    if surplus:
        raise InvalidInput(
            f"A finding of kind {request.kind} has no {', '.join(surplus)}.",
            hint=f"It takes {', '.join(_FIELDS[request.kind])} and a reason.",
        )


def _clean(text: str | None) -> str:
    from agent.prompting import visible

    return " ".join(visible(text or "").split())


def _reason(text: str) -> str:
    reason = _clean(text)
    if not reason:
        raise InvalidInput(
            "A finding needs a reason: how is it known?",
            hint="Give it with -m, for example -m 'Their buyer named the budget on 3 June'.",
        )
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(
            f"The reason has {len(reason):,} characters; at most {LONGEST_REASON} are read.",
            hint="Say it shorter.",
        )
    return reason


def _amount(text: str | None) -> str:
    plain = (text or "").strip().replace(",", "").replace("_", "").replace(" ", "")
    try:
        return money_string(plain)
    except ValueError as error:
        raise InvalidInput(
            f"The amount {text!r} cannot be used: {error}.",
            hint="Write it in the book's currency, such as 120000 or 120,000.50.",
        ) from error


def _one_of(name: str, text: str | None, allowed: Any) -> Any:
    wanted = _clean(text).lower().replace("_", " ")
    if not wanted:
        return None
    if wanted not in get_args(allowed):
        raise InvalidInput(
            f"There is no {name} {text!r}.", hint=f"It is one of {', '.join(get_args(allowed))}."
        )
    return wanted


def _relationship(
    reading: Reading, account_id: str, request: FindingRequest, said: dict[str, Any]
) -> RelationshipFinding:
    book = reading.book
    if request.met_on is not None and request.met_on > book.as_of:
        raise InvalidInput(
            f"A meeting on {request.met_on} lies after the book's date, {book.as_of}.",
            hint="A finding is about what has happened; import a newer book first.",
        )
    claimed = {
        "level": _one_of("level", request.level, Level),
        "role": _one_of("role", request.role, Role),
        "attitude": _one_of("attitude", request.attitude, Attitude),
        "met_on": request.met_on or (book.as_of if request.met else None),
    }
    if not any(claimed.values()):
        raise InvalidInput(
            "Nothing is said about this person.",
            hint="Say when they were met, or their level, role or attitude.",
        )
    contact_id, name = _who(reading, account_id, _clean(request.contact))
    return RelationshipFinding(contact_id=contact_id, name=name, **claimed, **said)


def _who(reading: Reading, account_id: str, named: str) -> tuple[str | None, str]:
    """Return a contact of the account by id or name, or a person the CRM does not hold."""
    rows = reading.book.rows("contacts")
    listed = reading.book.of_account("contacts", account_id)
    if named in listed:
        return named, str(rows[named]["name"])
    same = [key for key in listed if same_name(str(rows[key]["name"])) == same_name(named)]
    if len(same) > 1:
        raise InvalidInput(
            f"{len(same)} contacts of this account are called {named!r}: {', '.join(same)}.",
            hint="Name one by its id.",
        )
    if same:
        return same[0], str(rows[same[0]]["name"])
    if any(letter.isdigit() for letter in named) or len(named.split()) < 2:
        raise NotFound(
            f"This account has no contact {named!r}.",
            hint="Give the id of one of its contacts, or the first and last name of somebody "
            "the CRM does not hold yet.",
        )
    return None, named


def _opportunity(
    reading: Reading, request: FindingRequest, said: dict[str, Any]
) -> OpportunityFinding:
    name, as_of = _clean(request.name), reading.book.as_of
    stage = _one_of("stage of an open deal", request.stage, OpenStage)
    if not name or stage is None or request.closes is None:
        raise InvalidInput(
            "An opportunity needs a name, a stage and the day it is expected to close.",
            hint="For example: --opportunity 'Spring fleet' --stage proposal --amount 40000 "
            "--closes 2026-03-31",
        )
    if request.closes < as_of:
        raise InvalidInput(
            f"A deal that closes on {request.closes} lies in the past of the book of {as_of}.",
            hint="A finding is an open deal; a closed one belongs in the CRM.",
        )
    if request.closes > as_of + timedelta(days=LONGEST_DEAL_DAYS):
        raise InvalidInput(
            f"A deal that closes on {request.closes} lies more than five years ahead.",
            hint="Give the day it is expected to close.",
        )
    amount = None if request.amount is None else _amount(request.amount)
    return OpportunityFinding(name=name, stage=stage, amount=amount, closes=request.closes, **said)
