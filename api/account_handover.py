"""The handover pack of an account, for whoever may see the account now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from api.accounts import no_such_account
from domain.principal import Principal

if TYPE_CHECKING:
    from agent.handover.pack import HandoverPack
    from api.workspace import Workspace

PackFormat = Literal["json", "md", "text"]


class PackFile(NamedTuple):
    """A pack written out."""

    text: str
    media_type: str
    filename: str


def handover(workspace: Workspace, principal: Principal, account_id: str) -> HandoverPack:
    """Return the pack of an account; NotFound when it is missing or outside the scope."""
    from agent.handover.pack import handover_pack
    from api.planning_context import planning_context

    reading = workspace.reading(principal)
    owners = reading.book.owners
    if account_id not in owners or not principal.scope.covers(owners[account_id]):
        raise no_such_account(account_id)
    plan = workspace.store.handovers.last_approved(principal, reading.book, account_id)
    return handover_pack(
        planning_context(workspace, principal, reading),
        account_id,
        plan,
        workspace.people.name(plan.approved_by) if plan else "",
    )


def written(pack: HandoverPack, format: PackFormat) -> PackFile:
    """Write a pack as a file."""
    from agent.handover.written import to_markdown, to_terminal

    name = f"handover-{pack.account_id}"
    if format == "json":
        return PackFile(pack.model_dump_json(indent=2), "application/json", f"{name}.json")
    if format == "md":
        return PackFile(to_markdown(pack), "text/markdown; charset=utf-8", f"{name}.md")
    return PackFile(to_terminal(pack), "text/plain; charset=utf-8", f"{name}.txt")
