"""All analyses of one book under one coverage model, computed together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.evidence import Evidence


@dataclass(frozen=True)
class Analyses:
    """Placeholder for the contract: tools owner replaces this file."""

    def cite(self, entity: str, metric: str) -> Evidence:
        raise NotImplementedError
