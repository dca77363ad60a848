"""When a territory's size is worth a second look: `[territory.flags]` of the coverage model."""

from __future__ import annotations

from pydantic import Field, model_validator

from domain.record import Record


class FlagRules(Record):
    """Bounds beyond which a design is flagged. Nothing is forbidden by them.

    `potential_gap` is the multiple of potential under equal quotas, `quotas_equal` the share
    by which quotas may differ and still count as equal, `large_book` against `small_book`
    the account counts whose proportion is too much. A book is *strategic* when at least
    `book_share` of its accounts is of the highest tier, and then has between the two
    `strategic_accounts`; it is *transactional* when as many are of automated tiers, and
    then has at least `transactional_accounts`.
    """

    potential_gap: float = Field(default=3.0, gt=1)
    quotas_equal: float = Field(default=0.1, ge=0, lt=1)
    large_book: int = Field(default=250, ge=1)
    small_book: int = Field(default=90, ge=1)
    book_share: float = Field(default=0.8, gt=0, le=1)
    strategic_accounts: tuple[int, int] = (8, 15)
    transactional_accounts: int = Field(default=150, ge=1)

    @model_validator(mode="after")
    def _make_sense(self) -> FlagRules:
        if self.large_book <= self.small_book:
            raise ValueError(
                f"large_book = {self.large_book} must be more than small_book = "
                f"{self.small_book}; use for example 250 and 90"
            )
        least, most = self.strategic_accounts
        if not 0 < least <= most:
            raise ValueError(
                f"strategic_accounts = {[least, most]}: give the least and the most accounts, for "
                "example [8, 15]"
            )
        return self
