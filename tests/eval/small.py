"""A dataset of three tasks over two books, written by hand."""

from __future__ import annotations

from pathlib import Path

from eval.answer import Answer
from eval.dataset import Dataset, read_dataset, write_dataset
from eval.log import LoggedSample, Run
from eval.logs import Log
from eval.task import Ask, Key, Task

ACCOUNTS = """\
account_id,name,owner_id,industry,employees,annual_revenue,city
A-1,Bolt & Pedal,R-1,Bicycle retail,40,900000,Lyon
A-2,Corvane Cycles,R-2,Bicycle services,{employees},1200000,Graz
A-3,Nave Trailers,R-1,,,,
"""
CONTACTS = """\
contact_id,account_id,name,title,role,last_contact
C-1,A-1,Mirela Fonti,Head of Purchasing,purchasing,2026-12-01
C-2,A-1,Otto Brandl,Managing Director,economic buyer,
"""
REPS = """\
rep_id,name,function
R-1,Sana Iwu,rep
R-2,Pia Holm,rep
"""
OPPORTUNITIES = """\
opportunity_id,account_id,owner_id,name,stage,amount,closes
O-1,A-1,R-1,Spring order,proposal,52000.00,2027-03-12
"""
DOCUMENTS = """\
document_id,account_id,kind,title,author_class,text
D-1,A-1,note,Call of 4 January,internal,"Mirela opens a shop in May. She needs racks by 12 April."
D-2,A-1,note,Lunch,internal,"Otto likes sailing. We talked about boats."
"""
PRODUCTS = """\
product_id,name,category,subcategory
P-1,Rack One,Storage,Racks
P-2,Stand Two,Storage,Stands
"""
QUOTAS = """\
quota_id,rep_id,starts,ends,amount
Q-1,R-1,2027-01-01,2027-03-31,250000.00
"""


def write_book(folder: Path, *, as_of: str = "2027-01-04", employees: int = 12) -> None:
    folder.mkdir(parents=True)
    tables = {
        "accounts": ACCOUNTS.format(employees=employees),
        "contacts": CONTACTS,
        "reps": REPS,
        "opportunities": OPPORTUNITIES,
        "documents": DOCUMENTS,
        "products": PRODUCTS,
        "quotas": QUOTAS,
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "book.toml").write_text(f'name = "small"\nas_of = {as_of}\ncurrency = "USD"\n')


def ask(kind: str = "question", **more: object) -> Ask:
    return Ask.model_validate({"kind": kind, "person": "revops", **more})


def three_tasks() -> tuple[Task, ...]:
    plan = Task(
        task_id="plan", family="draft", book="one", cluster="A-1",
        ask=ask("account_plan", account_id="A-1"),
    )  # fmt: skip
    question = Task(
        task_id="staff", family="chat", book="one", cluster="A-2",
        ask=ask(account_id="A-2", text="How many employees does Corvane Cycles have?"),
    )  # fmt: skip
    twin = question.model_copy(update={"task_id": "staff-twin", "book": "two", "twin_of": "staff"})
    return plan, question, twin


def small_dataset(
    folder: Path, tasks: tuple[Task, ...] | None = None, keys: tuple[Key, ...] | None = None
) -> Dataset:
    """Seal a dataset: in book `two`, A-2 has 15 employees and not 12."""
    write_book(folder / "books" / "one")
    write_book(folder / "books" / "two", employees=15)
    tasks = tasks or three_tasks()
    keys = keys or tuple(Key(task_id=task.task_id) for task in tasks)
    write_dataset(folder, tasks, keys, name="small", version="1", seeds=())
    return read_dataset(folder)


def logged(dataset: Dataset, *answers: Answer, **about: object) -> Log:
    """Return the log of a solver that gave these answers, in the order of the dataset."""
    manifest = dataset.manifest
    run = Run.model_validate(
        {
            "solver": "by hand",
            "command": (),
            "dataset": manifest.name,
            "dataset_version": manifest.version,
            "dataset_digest": dataset.digest,
            "split": manifest.split,
            "trials": 1,
            "seed": 0,
            **about,
        }
    )
    samples = tuple(
        LoggedSample(task_id=answer.task_id, trial=0, outcome="answered", answer=answer)
        for answer in answers
    )
    return Log(run, samples)
