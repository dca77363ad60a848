"""Facts of two invented accounts, to read the wordings with and to test them."""

from __future__ import annotations

from eval.accountplanbench.texts.writing import Facts

LARKFIELD = Facts(
    account="Larkfield Outdoor",
    contact="Miriam Stolz",
    title="Head of Purchasing",
    rep="Jonas Petrie",
    line="Touring Frames",
    other_line="Child Seats",
    city="Leeds",
    rival="Tavros Components",
    amount="48,000 dollars",
    other_amount="31,500 dollars",
    quantity=40,
    day="10 April 2027",
    other_day="28 May 2027",
    earlier_day="14 March 2021",
    other_account="Quillon Sports",
    target="Ilse Brandt",
)
BRAEMOOR = Facts(
    account="Braemoor & Sons",
    contact="Aoife van der Linde",
    title="Operations Director",
    rep="Pelle Okonjo",
    line="LED Lamps",
    other_line="Helmets",
    city="Graz",
    rival="Ostrava Lighting",
    amount="7,250 euros",
    other_amount="112,000 euros",
    quantity=3,
    day="1 November 2027",
    other_day="22 December 2027",
    earlier_day="3 August 2019",
    other_account="Dunmere Cycles",
    target="visit",
)
