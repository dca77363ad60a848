"""The handover pack through its doors."""

from __future__ import annotations

from tests.api.doors import ACCOUNT, REP


def test_x(acting, workspace):
    import time

    pack = acting(REP).get(f"/api/accounts/{ACCOUNT}/handover?format=text")
    print(pack.text)
    for a in ("A-193", "A-328", "A-496", "A-448"):
        t = time.time()
        pack = acting("ines.moreau").get(f"/api/accounts/{a}/handover?format=text")
        print(time.time() - t)
        print(pack.text)
    assert 0
