"""Who may speak to the server, from where, and with what in hand."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.security import CONTENT_SECURITY_POLICY, is_loopback
from tests.api.doors import ACCOUNT, MANAGER, REP, TOKEN


def signed_in(browser, person: str):
    """A browser in which `person` has signed in, and the session's token."""
    client = browser()
    page = client.get("/sign-in")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text).group(1)
    answer = client.post("/sign-in", data={"person": person, "csrf": token})
    assert answer.status_code == 303
    page = client.get("/")
    return client, re.search(r'name="csrf" value="([^"]+)"', page.text).group(1)


def test_without_a_session_every_json_route_answers_401(browser) -> None:
    answer = browser().get("/api/accounts")

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "sign_in_needed"
    assert "sign-in" in answer.json()["error"]["hint"]


def test_health_needs_no_session_and_tells_nothing(browser) -> None:
    assert browser().get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Bearer", f"Basic {TOKEN}", "", f"Bearer {TOKEN}x"]
)
def test_a_wrong_token_is_no_session(browser, header: str) -> None:
    answer = browser().get("/api/plans", headers={"Authorization": header, "X-Cadastre-As": REP})

    assert answer.status_code == 401


def test_naming_a_person_without_the_token_is_no_session(browser) -> None:
    assert browser().get("/api/plans", headers={"X-Cadastre-As": MANAGER}).status_code == 401


def test_an_unknown_person_is_refused_by_name(acting) -> None:
    answer = acting("nobody").get("/api/plans")

    assert answer.status_code == 401
    assert "no person 'nobody'" in answer.json()["error"]["message"]


def test_a_forged_cookie_is_no_session(browser) -> None:
    client = browser()
    client.cookies.set("cadastre_session", "eyJwZXJzb24iOiAiaGFycmlldC5va29uam8ifQ==.x.y")

    assert client.get("/api/plans").status_code == 401


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(browser) -> None:
    cookie = browser().get("/sign-in").headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_change_by_cookie_needs_the_sessions_token(browser) -> None:
    client, token = signed_in(browser, REP)
    body = {"account_id": ACCOUNT}

    without = client.post("/api/plans", json=body)
    wrong = client.post("/api/plans", json=body, headers={"X-CSRF-Token": "x" + token})

    assert (without.status_code, wrong.status_code) == (403, 403)
    assert without.json()["error"]["code"] == "token_refused"
    assert client.get("/api/plans").json() == []
    right = client.post("/api/plans", json=body, headers={"X-CSRF-Token": token})
    assert right.status_code == 201


def test_signing_in_as_someone_else_makes_the_old_token_worthless(browser) -> None:
    client, first = signed_in(browser, REP)
    assert client.post("/sign-in", data={"person": MANAGER, "csrf": first}).status_code == 303

    answer = client.post("/sign-in", data={"person": REP, "csrf": first})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "https://127.0.0.1:8000"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_change_from_another_site_is_refused_even_with_the_token(acting, headers) -> None:
    answer = acting(REP).post("/api/plans", json={"account_id": ACCOUNT}, headers=headers)

    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "origin_refused"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://127.0.0.1:8000"},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {},
    ],
)
def test_a_change_from_our_own_page_passes(acting, headers) -> None:
    answer = acting(REP).post("/api/plans", json={"account_id": "none"}, headers=headers)

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "cadastre:8000", "", "evil@127.0.0.1", "[::2]"],
)
def test_other_host_names_are_refused(browser, host: str) -> None:
    answer = browser().get("/healthz", headers={"Host": host})

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "host_refused"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:81", "LOCALHOST", "[::1]:8000"])
def test_names_of_this_machine_are_served(browser, host: str) -> None:
    assert browser().get("/healthz", headers={"Host": host}).status_code == 200


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789.-:[]@/", max_size=30))
def test_no_host_is_loopback_but_the_three_names(host: str) -> None:
    name = host.rpartition("@")[2].partition("/")[0]
    if is_loopback(host):
        assert name.startswith(("127.0.0.1", "localhost", "[::1]"))


def test_every_answer_carries_the_policy_and_is_kept_out_of_caches(browser) -> None:
    for path in ("/healthz", "/api/plans", "/sign-in", "/nothing-here"):
        headers = browser().get(path).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


def test_a_request_larger_than_anything_typed_is_refused_unread(acting) -> None:
    answer = acting(REP).post("/api/plans", json={"account_id": "A" * 1_000_001})
    assert answer.status_code == 413

    def dripping():
        yield b'{"account_id": "A-697"}'

    assert acting(REP).post("/api/plans", content=dripping()).status_code == 413


def test_the_routes_are_not_listed_to_strangers(browser) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/api/openapi.json"):
        assert browser().get(path).status_code == 404
