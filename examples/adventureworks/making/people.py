"""The demo people: who may see whose accounts."""

from __future__ import annotations

from making.files import toml_tables
from making.team import REVOPS, Member, person_id


def people_toml(team: list[Member]) -> str:
    """Return people.toml: one person for RevOps, each manager, each rep at work."""
    working = [m for m in team if m.ends is None and m.function in ("rep", "manager")]
    rows: list[dict[str, object]] = [
        {
            "id": REVOPS[0],
            "name": REVOPS[1],
            "roles": ["revops"],
            "everything": True,
            "note": "Revenue operations: loads books and the coverage model, sees every account.",
        }
    ]
    for manager in (m for m in working if m.function == "manager"):
        reports = [m.rep_id for m in working if m.manager_id == manager.rep_id]
        rows.append(
            {
                "id": person_id(manager.name),
                "name": manager.name,
                "roles": ["manager"],
                "reps": sorted([manager.rep_id, *reports]),
                "note": f"Manager of {manager.team}: decides on the plans of the team.",
            }
        )
    for rep in (m for m in working if m.function == "rep"):
        rows.append(
            {
                "id": person_id(rep.name),
                "name": rep.name,
                "roles": ["rep"],
                "reps": [rep.rep_id],
                "note": f"Rep in {rep.team}, based in {rep.base[0]}.",
            }
        )
    head = (
        "# The people of the demo. All of them are invented.\n"
        f'workspace = "adventureworks"\ndefault = "{REVOPS[0]}"\n\n'
    )
    return head + toml_tables("people", rows)
