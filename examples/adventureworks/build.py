"""Build the example book from the source tables: `python build.py --source FOLDER`.

The same source gives the same bytes. What the product reads are the files this writes;
what is real in them and what is synthetic is told in README.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from making.authored import read_authored
from making.files import toml_tables, write_csv
from making.history import build_history
from making.market import build_market
from making.people import people_toml
from making.places import place_cities
from making.planted import plant
from making.source import AS_OF, last_order_amounts, latest_owner, read_source, spend_12m
from making.tables import (
    account_rows,
    book_toml,
    line_rows,
    product_rows,
    quota_rows,
    territory_rows,
)
from making.team import REVOPS, build_leave, build_team

HERE = Path(__file__).parent

ACCOUNT = (
    "Id Name ParentId OwnerId Territory__c Industry Type Product_Focus__c NumberOfEmployees "
    "AnnualRevenue YearStarted BillingCountryCode BillingStateCode BillingCity BillingPostalCode "
    "BillingLatitude BillingLongitude Location_Precision__c TimeZone__c Language__c "
    "LastModifiedDate"
).split()
CONTACT = (
    "Id AccountId Name Title Buying_Role__c Level__c Influence__c Attitude__c LastActivityDate"
).split()
USER = (
    "Id Name Function__c ManagerId Department City Latitude__c Longitude__c TimeZoneSidKey "
    "Selling_Hours__c Start_Date__c End_Date__c Languages__c Segments__c Industries__c"
).split()
LEAVE = "Id User__c Starts__c Ends__c Reason__c".split()
QUOTA = "Id QuotaOwnerId StartDate EndDate__c QuotaAmount".split()
TERRITORY = "Id Name Country__c Group__c".split()
PRODUCT = "Id Name Family Line__c ListPrice__c Live_From__c Live_To__c".split()
ORDER_LINE = "Id OrderId AccountId Rep__c Product2Id EffectiveDate Quantity TotalPrice".split()
OPPORTUNITY = "Id AccountId OwnerId Name StageName Amount CreatedDate CloseDate".split()
TASK = "Id AccountId WhoId OwnerId TaskSubtype ActivityDate DurationInMinutes Subject".split()
INTENT = "Id Account__c Topic__c Strength__c Observed__c Source__c".split()
DOCUMENT = (
    "Id Account__c Segment__c Kind__c Title Author__c Author_Class__c Publisher__c Uri__c "
    "Published__c Retrieved__c Text__c"
).split()
COMPANY = (
    "Id Name Parent_Account__c Industry__c Type__c Employees__c Annual_Revenue__c Country__c "
    "State__c City__c Source__c Uri__c Observed__c"
).split()


def build(source_folder: Path, out: Path) -> dict[str, int]:
    """Write every file of the book into `out` and return the number of rows by file."""
    source = read_source(source_folder)
    places = place_cities(source.resellers)
    team = build_team(source, places)
    leave = build_leave(team)
    names = {member.rep_id: member.name for member in team}
    owners, spend = latest_owner(source.lines), spend_12m(source.lines)
    planted = plant(source, owners, spend)
    market = build_market(source)
    owners = {**owners, **planted.owners}
    authored = read_authored(HERE / "authored", owners, names)
    history = build_history(
        authored,
        owners,
        spend,
        facts={
            account: (segment, country)
            for account, segment, country in zip(
                source.resellers["account_id"],
                source.resellers["BusinessType"],
                source.resellers["CountryRegionCode"],
                strict=True,
            )
        },
        last_order=last_order_amounts(source.lines),
        leave=leave,
        taken_names={*names.values(), REVOPS[1]},
    )
    last_contact = history.last_contact()

    documents = [d for story in authored.stories.values() for d in story.documents]
    documents = sorted([*documents, *authored.documents], key=lambda d: d.document_id)
    intent = [
        (f"I-{number:03d}", *row)
        for number, row in enumerate(
            sorted(authored.signals, key=lambda row: (row[0], row[3], row[1])), start=1
        )
    ]
    opportunities = [
        (
            deal.opportunity_id,
            account,
            owners.get(account, ""),
            deal.name,
            deal.stage,
            f"{deal.amount:.2f}",
            deal.opened,
            deal.closes,
        )
        for account, deals in sorted(history.opportunities.items())
        for deal in deals
    ] + planted.opportunities

    counts = {
        "Account.csv": write_csv(
            out / "Account.csv",
            ACCOUNT,
            account_rows(source, places, owners, planted, history.activities),
        ),
        "Contact.csv": write_csv(
            out / "Contact.csv",
            CONTACT,
            (
                (
                    contact.contact_id,
                    account,
                    contact.name,
                    contact.title,
                    contact.role,
                    contact.level,
                    contact.influence,
                    contact.attitude,
                    last_contact.get(contact.contact_id),
                )
                for account, people in sorted(history.contacts.items())
                for contact in people
            ),
        ),
        "User.csv": write_csv(
            out / "User.csv",
            USER,
            (
                (
                    member.rep_id,
                    member.name,
                    member.function,
                    member.manager_id,
                    member.team,
                    *member.base,
                    member.hours,
                    member.starts,
                    member.ends,
                    "; ".join(member.languages),
                    "",
                    "",
                )
                for member in team
            ),
        ),
        "Leave__c.csv": write_csv(
            out / "Leave__c.csv",
            LEAVE,
            (
                (f"L-{number:03d}", absence.rep_id, absence.starts, absence.ends, absence.reason)
                for number, absence in enumerate(leave, start=1)
            ),
        ),
        "ForecastingQuota.csv": write_csv(out / "ForecastingQuota.csv", QUOTA, quota_rows(source)),
        "Territory2.csv": write_csv(out / "Territory2.csv", TERRITORY, territory_rows(source)),
        "Product2.csv": write_csv(out / "Product2.csv", PRODUCT, product_rows(source)),
        "OrderItem.csv.gz": write_csv(out / "OrderItem.csv.gz", ORDER_LINE, line_rows(source)),
        "Opportunity.csv": write_csv(out / "Opportunity.csv", OPPORTUNITY, opportunities),
        "Task.csv": write_csv(
            out / "Task.csv",
            TASK,
            (
                (
                    activity.activity_id,
                    activity.account_id,
                    activity.contact_id,
                    activity.rep_id,
                    activity.kind,
                    activity.occurred,
                    activity.minutes,
                    activity.subject,
                )
                for activity in history.activities
            ),
        ),
        "IntentSignal__c.csv": write_csv(out / "IntentSignal__c.csv", INTENT, intent),
        "Document__c.csv": write_csv(
            out / "Document__c.csv",
            DOCUMENT,
            (
                (
                    document.document_id,
                    document.account,
                    document.segment,
                    document.kind,
                    document.title,
                    document.author,
                    document.author_class,
                    document.publisher,
                    document.uri,
                    document.published,
                    document.retrieved,
                    document.text,
                )
                for document in documents
            ),
        ),
        "MarketCompany__c.csv": write_csv(out / "MarketCompany__c.csv", COMPANY, market.rows),
    }
    (out / "book.toml").write_text(book_toml(AS_OF), encoding="utf-8")
    (out / "people.toml").write_text(people_toml(team), encoding="utf-8")
    (out / "planted.toml").write_text(
        "# Everything planted in this book, for the tests and for readers who want to check.\n\n"
        + toml_tables("insight", authored.insights)
        + "\n"
        + toml_tables("relative", market.relatives)
        + "\n"
        + toml_tables("trap", [*planted.traps, *market.traps, *authored.traps]),
        encoding="utf-8",
    )
    return counts


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="folder of the source tables")
    parser.add_argument("--out", type=Path, default=HERE, help="where to write; here by default")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, rows in build(arguments.source, arguments.out).items():
        size = (arguments.out / name).stat().st_size
        print(f"{name:24} {rows:7,} rows {size:10,} bytes")


if __name__ == "__main__":
    main()
