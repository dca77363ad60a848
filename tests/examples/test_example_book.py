"""The example book keeps its promises: checked on the committed files alone."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pandas as pd
import pytest

from domain.tables import (
    ACTIVITY_KINDS,
    ATTITUDE,
    AUTHOR_CLASSES,
    CONTACT_ROLES,
    DOCUMENT_KINDS,
    INFLUENCE,
    LEVELS,
    REP_FUNCTIONS,
    STAGES,
)

AS_OF = "2026-11-13"
HEADERS = {
    "Account": "Id Name ParentId OwnerId Territory__c Industry Type Product_Focus__c "
    "NumberOfEmployees AnnualRevenue YearStarted BillingCountryCode BillingStateCode BillingCity "
    "BillingPostalCode BillingLatitude BillingLongitude Location_Precision__c TimeZone__c "
    "Language__c LastModifiedDate",
    "Contact": "Id AccountId Name Title Buying_Role__c Level__c Influence__c Attitude__c "
    "LastActivityDate",
    "User": "Id Name Function__c ManagerId Department City Latitude__c Longitude__c "
    "TimeZoneSidKey Selling_Hours__c Start_Date__c End_Date__c Languages__c Segments__c "
    "Industries__c",
    "Leave__c": "Id User__c Starts__c Ends__c Reason__c",
    "ForecastingQuota": "Id QuotaOwnerId StartDate EndDate__c QuotaAmount",
    "Territory2": "Id Name Country__c Group__c",
    "Product2": "Id Name Family Line__c ListPrice__c Live_From__c Live_To__c",
    "OrderItem": "Id OrderId AccountId Rep__c Product2Id EffectiveDate Quantity TotalPrice",
    "Opportunity": "Id AccountId OwnerId Name StageName Amount CreatedDate CloseDate",
    "Task": "Id AccountId WhoId OwnerId TaskSubtype ActivityDate DurationInMinutes Subject",
    "IntentSignal__c": "Id Account__c Topic__c Strength__c Observed__c Source__c",
    "Document__c": "Id Account__c Segment__c Kind__c Title Author__c Author_Class__c "
    "Publisher__c Uri__c Published__c Retrieved__c Text__c",
    "MarketCompany__c": "Id Name Parent_Account__c Industry__c Type__c Employees__c "
    "Annual_Revenue__c Country__c State__c City__c Source__c Uri__c Observed__c",
}
REFERENCES = (
    ("Account", "OwnerId", "User"),
    ("Account", "Territory__c", "Territory2"),
    ("Contact", "AccountId", "Account"),
    ("User", "ManagerId", "User"),
    ("Leave__c", "User__c", "User"),
    ("ForecastingQuota", "QuotaOwnerId", "User"),
    ("OrderItem", "AccountId", "Account"),
    ("OrderItem", "Rep__c", "User"),
    ("OrderItem", "Product2Id", "Product2"),
    ("Opportunity", "AccountId", "Account"),
    ("Opportunity", "OwnerId", "User"),
    ("Task", "AccountId", "Account"),
    ("Task", "WhoId", "Contact"),
    ("Task", "OwnerId", "User"),
    ("IntentSignal__c", "Account__c", "Account"),
    ("Document__c", "Account__c", "Account"),
    ("MarketCompany__c", "Parent_Account__c", "Account"),
)
PAST = (
    ("Account", "LastModifiedDate"),
    ("Contact", "LastActivityDate"),
    ("OrderItem", "EffectiveDate"),
    ("Opportunity", "CreatedDate"),
    ("Task", "ActivityDate"),
    ("IntentSignal__c", "Observed__c"),
    ("Document__c", "Published__c"),
    ("Document__c", "Retrieved__c"),
    ("MarketCompany__c", "Observed__c"),
)
DOMAINS = (
    ("Contact", "Buying_Role__c", CONTACT_ROLES),
    ("Contact", "Level__c", LEVELS),
    ("Contact", "Influence__c", INFLUENCE),
    ("Contact", "Attitude__c", (*ATTITUDE, "")),
    ("User", "Function__c", REP_FUNCTIONS),
    ("Opportunity", "StageName", STAGES),
    ("Task", "TaskSubtype", ACTIVITY_KINDS),
    ("Document__c", "Kind__c", DOCUMENT_KINDS),
    ("Document__c", "Author_Class__c", AUTHOR_CLASSES),
    ("Account", "Location_Precision__c", ("city", "region centroid")),
    ("IntentSignal__c", "Strength__c", ("1", "2", "3")),
)


@pytest.mark.parametrize("name", HEADERS)
def test_every_file_has_the_headers_that_the_importer_knows(book, name: str) -> None:
    assert list(book[name].columns) == HEADERS[name].split()


@pytest.mark.parametrize("name", HEADERS)
def test_ids_are_unique_and_never_blank(book, name: str) -> None:
    assert book[name]["Id"].is_unique
    assert book[name]["Id"].ne("").all()


@pytest.mark.parametrize(("name", "column", "other"), REFERENCES)
def test_every_reference_leads_somewhere(book, name: str, column: str, other: str) -> None:
    named = set(book[name][column]) - {""}
    assert named <= set(book[other]["Id"])


@pytest.mark.parametrize(("name", "column"), PAST)
def test_nothing_happened_after_the_date_of_the_book(book, name: str, column: str) -> None:
    assert book.about["as_of"] == date.fromisoformat(AS_OF)
    assert book[name][column].max() <= AS_OF


@pytest.mark.parametrize(("name", "column", "allowed"), DOMAINS)
def test_categories_hold_only_values_of_the_data_model(book, name, column, allowed) -> None:
    assert set(book[name][column]) <= set(allowed)


def test_the_sizes_are_those_of_the_source(book) -> None:
    # 701 resellers plus the four duplicates; 66 of the 701 never ordered.
    assert len(book["Account"]) == 705
    assert len(book["OrderItem"]) == 60_855
    assert book["OrderItem"]["OrderId"].nunique() == 3_796
    assert book["OrderItem"]["AccountId"].nunique() == 635
    assert len(book["ForecastingQuota"]) == 163
    assert "NA" in set(book["Territory2"]["Name"])


def test_all_dates_moved_by_the_same_number_of_whole_weeks(book) -> None:
    # The source runs from 2010-12-29 to 2013-11-29; its first quota is of the first day.
    shift = timedelta(weeks=676)
    ordered = book["OrderItem"]["EffectiveDate"]
    assert ordered.min() == (date(2010, 12, 29) + shift).isoformat()
    assert ordered.max() == (date(2013, 11, 29) + shift).isoformat() == AS_OF
    assert book["ForecastingQuota"]["StartDate"].min() == ordered.min()


def test_the_owner_is_the_rep_of_the_latest_order_but_where_planted(book) -> None:
    lines = book["OrderItem"].sort_values(["EffectiveDate", "OrderId"], kind="stable")
    latest = lines.groupby("AccountId")["Rep__c"].last()
    accounts = book["Account"].set_index("Id")["OwnerId"]
    expected = latest.reindex(accounts.index).fillna("")
    differing = set(accounts.index[accounts != expected])

    left = {trap["account_id"] for trap in book.traps("stale_owner")}
    duplicates = {trap["rows"][0] for trap in book.traps("duplicate")}
    assert differing <= left | duplicates
    gone = set(book["User"].loc[book["User"]["End_Date__c"].between("1", AS_OF), "Id"])
    assert sum(accounts[account] in gone for account in left) >= 2


def test_no_product_was_sold_while_it_was_off_sale(book) -> None:
    lines = book["OrderItem"].merge(
        book["Product2"], left_on="Product2Id", right_on="Id", suffixes=("", "_product")
    )
    ended = lines["Live_To__c"].replace("", "9999-12-31")
    assert lines["EffectiveDate"].between(lines["Live_From__c"], ended).all()


def test_every_account_that_buys_has_people_and_touches(book) -> None:
    spend = book.spend_12m()
    wanted = spend.index[spend > 25_000]
    people = book["Contact"]["AccountId"].value_counts().reindex(wanted, fill_value=0)
    touches = book["Task"]["AccountId"].value_counts().reindex(wanted, fill_value=0)
    assert len(wanted) == 225
    assert people.min() >= 2
    assert touches.min() >= 3
    assert book["Contact"]["Name"].is_unique


def test_a_contacts_last_date_is_that_of_the_latest_touch(book) -> None:
    touched = book["Task"].groupby("WhoId")["ActivityDate"].max()
    last = book["Contact"].set_index("Id")["LastActivityDate"]
    assert (touched.reindex(last.index).fillna("") == last).all()
    # A person whom nobody met has no known stance.
    unmet = book["Contact"][book["Contact"]["LastActivityDate"] == ""]
    assert len(unmet) >= 5
    assert set(unmet["Attitude__c"]) == {""}


def test_touches_are_on_working_days_of_their_rep_and_with_people_of_their_account(book) -> None:
    tasks = book["Task"]
    days = pd.to_datetime(tasks["ActivityDate"])
    assert (days.dt.day_of_week < 5).all()
    home = book["Contact"].set_index("Id")["AccountId"]
    assert (tasks["WhoId"].map(home) == tasks["AccountId"]).all()
    for leave in book["Leave__c"].itertuples():
        away = tasks["ActivityDate"].between(leave.Starts__c, leave.Ends__c)
        assert not (away & (tasks["OwnerId"] == leave.User__c)).any(), leave


def test_every_language_of_an_account_is_spoken_by_two_reps_but_german(book) -> None:
    users = book["User"]
    working = users[(users["Function__c"] == "rep") & (users["End_Date__c"] == "")]
    spoken = working["Languages__c"].str.split("; ").explode().value_counts()
    accounts = book["Account"]
    assert set(accounts["Language__c"]) == {"English", "French", "German"}
    assert accounts.groupby("BillingCountryCode")["Language__c"].agg(set).to_dict() == {
        "AU": {"English"},
        "CA": {"English", "French"},
        "DE": {"German"},
        "FR": {"French"},
        "GB": {"English"},
        "US": {"English"},
    }
    quebec = accounts["BillingStateCode"].eq("QC") & accounts["BillingCountryCode"].eq("CA")
    assert set(accounts.loc[quebec, "Language__c"]) == {"French"}
    assert (spoken["English"], spoken["French"], spoken["German"]) == (14, 4, 1)


def test_everybody_rests_between_the_years(book) -> None:
    present = book["User"].loc[book["User"]["End_Date__c"] == "", "Id"]
    leave = book["Leave__c"]
    off = leave[(leave["Starts__c"] <= "2026-12-24") & (leave["Ends__c"] >= "2027-01-01")]
    assert set(present) == set(off["User__c"])


def test_a_document_names_nobody_of_another_account(book) -> None:
    people = book["Contact"]
    for document in book["Document__c"].itertuples():
        foreign = people[people["AccountId"] != document.Account__c]["Name"]
        named = [name for name in foreign if name in f"{document.Text__c} {document.Author__c}"]
        assert named == [], document.Id


def test_a_customers_document_is_by_a_contact_of_that_account(book) -> None:
    documents = book["Document__c"]
    customers = documents[documents["Author_Class__c"] == "customer"]
    pairs = set(zip(book["Contact"]["AccountId"], book["Contact"]["Name"], strict=True))
    assert set(zip(customers["Account__c"], customers["Author__c"], strict=True)) <= pairs
    assert documents["Text__c"].is_unique
    about = documents["Account__c"].ne("") ^ documents["Segment__c"].ne("")
    assert about.all()


def test_forty_accounts_have_stories(book) -> None:
    documents = book["Document__c"]
    stories = documents.loc[documents["Account__c"] != "", "Account__c"].value_counts()
    assert len(stories) >= 40
    assert stories.between(2, 6).all()
    published = documents["Published__c"]
    dated = documents[(published != "") & documents["Account__c"].ne("")]
    # Most are of the last 90 days: later than 15 August 2026.
    assert (dated["Published__c"] > "2026-08-15").mean() > 0.9


def test_every_rep_at_work_is_covered_by_their_own_and_their_managers_scope(book) -> None:
    users = book["User"]
    working = users[(users["End_Date__c"] == "") & users["Function__c"].isin(["rep", "manager"])]
    people = book.people["people"]
    own = {person["reps"][0] for person in people if person["roles"] == ["rep"]}
    managed = [rep for person in people if person["roles"] == ["manager"] for rep in person["reps"]]
    managers = set(working.loc[working["Function__c"] == "manager", "Id"])

    assert own | managers == set(working["Id"])
    assert not own & managers
    assert sorted(managed) == sorted(working["Id"])
    everything = [person for person in people if person.get("everything")]
    assert [person["id"] for person in everything] == [book.people["default"]]
    assert everything[0]["roles"] == ["revops"]


def test_the_readme_tells_the_number_of_rows_of_every_file(book, folder) -> None:
    readme = (folder / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| (\w+)\.csv(?:\.gz)? \| (\d+) \|", readme, flags=re.M))
    assert told == {name: str(len(table)) for name, table in book.tables.items()}


def test_the_book_stays_small_and_its_notices_complete(folder) -> None:
    size = sum(
        path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )
    assert size < 4_000_000
    notice = (folder / "NOTICE.md").read_text(encoding="utf-8")
    assert "Copyright (c) Microsoft Corporation" in notice
    assert "GeoNames" in notice
    assert "Attribution 4.0" in notice.replace("\n", " ")
