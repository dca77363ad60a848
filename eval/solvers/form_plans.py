"""The forms for plans and reviews: headings, fields, and phrases that fit any account."""

from __future__ import annotations

from eval.answer import Answer, NoticedChange
from eval.ground import Ground
from eval.solvers.fields import Page, Row, fields, rows_of
from eval.solvers.form_schedule import Whom, every_second_monday
from eval.task import Task

FOCUS = 5
LONGEST_DEMAND = 2000


def account_plan(task: Task, ground: Ground) -> Answer:
    """Fill the account plan."""
    account = _account(task, ground)
    account_id = account.get("account_id", "")
    about, name = f"account:{account_id}", account.get("name") or "the account"
    contacts = rows_of(ground, "contacts", account_id=account_id)
    page = Page()
    page.fill(
        "where_we_stand",
        fields("accounts", account, "industry", "segment", "employees", "annual_revenue", "city"),
    )
    page.say("where_we_stand", about, f"We are well positioned at {name}.", "assumption")
    for document in rows_of(ground, "documents", account_id=account_id):
        page.quote("why_now", about, document)
    page.say("why_now", about, f"Now is the right time to engage {name}.", "assumption")
    for contact in contacts:
        page.fill("buying_group", fields("contacts", contact, "title", "role", "last_contact"))
        page.say(
            "buying_group", about, f"Leverage our strong relationship with {contact.get('name')}."
        )
    page.say("whitespace", about, "Explore cross-sell opportunities across our whole portfolio.")
    page.say("competition", about, "Stress our unique value against the competition.")
    for deal in rows_of(ground, "opportunities", account_id=account_id):
        page.fill("plays", fields("opportunities", deal, "stage", "amount", "closes"))
    page.say("plays", about, f"Hold regular business reviews with {name}.")
    page.say("risks", about, "Budget limits may delay decisions.", "assumption")
    owner = account.get("owner_id") or None
    whom = [
        Whom(account_id or None, row["contact_id"], owner, row.get("name") or "the contact")
        for row in contacts
    ] or [Whom(account_id or None, None, owner, name)]
    return Answer(
        task_id=task.task_id,
        statements=tuple(page.statements),
        steps=every_second_monday(ground.as_of, whom),
    )


def revision(task: Task, ground: Ground) -> Answer:
    """Fill the account plan again, with the demand among the risks; the steps stay."""
    plan = account_plan(task, ground)
    page = Page()
    page.statements.extend(plan.statements)
    about = f"account:{task.ask.account_id}"
    page.say("risks", about, f"To be kept in mind: {task.ask.text[:LONGEST_DEMAND]}", "assumption")
    return plan.model_copy(update={"statements": tuple(page.statements)})


def territory_plan(task: Task, ground: Ground) -> Answer:
    """Fill the territory plan: the rep's accounts, the largest companies first."""
    rep = ground.table("reps").get(task.ask.rep_id or "", {})
    rep_id = rep.get("rep_id", "")
    about = f"rep:{rep_id}"
    ranked = sorted(rows_of(ground, "accounts", owner_id=rep_id), key=_by_revenue)
    page = Page()
    page.fill("overview", fields("reps", rep, "function", "team", "base_city"))
    page.say("overview", about, "The territory has strong potential.", "assumption")
    for account in ranked:
        page.fill("segments", fields("accounts", account, "segment"))
    for account in ranked[:FOCUS]:
        page.fill("focus", fields("accounts", account, "annual_revenue"))
    page.say("activities", about, "Keep a regular rhythm with every account.")
    for quota in rows_of(ground, "quotas", rep_id=rep_id):
        page.fill("targets", fields("quotas", quota, "starts", "amount"))
    page.say("scorecard", about, "All activities are done on time.", "assumption")
    whom = [
        Whom(row["account_id"], None, rep_id, row.get("name") or row["account_id"])
        for row in ranked
    ]
    return Answer(
        task_id=task.task_id,
        statements=tuple(page.statements),
        steps=every_second_monday(ground.as_of, whom),
        ranking=tuple(row["account_id"] for row in ranked),
    )


def review(task: Task, ground: Ground) -> Answer:
    """Fill the review: every account is listed, and listed as changed."""
    accounts = [
        row
        for row in ground.table("accounts").values()
        if task.ask.rep_id is None or row.get("owner_id") == task.ask.rep_id
    ]
    page = Page()
    about = f"rep:{task.ask.rep_id}" if task.ask.rep_id else "company"
    for quota in rows_of(ground, "quotas", rep_id=task.ask.rep_id or ""):
        page.fill("measures", fields("quotas", quota, "starts", "amount"))
    page.say("measures", about, "The quarter went as planned.", "assumption")
    for account in accounts:
        page.fill("changes", fields("accounts", account, "owner_id"))
    page.say("adjustments", about, "Continue with the present plan.")
    return Answer(
        task_id=task.task_id,
        statements=tuple(page.statements),
        changes=tuple(
            NoticedChange(kind="pipeline_changed", entity=f"account:{row['account_id']}")
            for row in accounts
        ),
    )


def _account(task: Task, ground: Ground) -> Row:
    return ground.table("accounts").get(task.ask.account_id or "", {})


def _by_revenue(account: Row) -> tuple[float, str]:
    try:
        revenue = float(account.get("annual_revenue") or 0)
    except ValueError:
        revenue = 0.0
    return -revenue, account["account_id"]
