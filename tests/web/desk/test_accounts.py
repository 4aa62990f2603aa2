import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from httpx import Client, Response

from tests.web.house import House


@pytest.fixture
def owner(house: House) -> Iterator[Client]:
    with desk(house, "recruiter", house.password) as client:
        yield client


@contextmanager
def desk(house: House, name: str, password: str) -> Iterator[Client]:
    """Someone who has logged in, in English."""
    headers = {"accept-language": "en", "user-agent": "Firefox/1 (Windows)"}
    with Client(base_url=house.url, timeout=60, headers=headers) as client:
        answer = client.post("/recruiter/login", data={"name": name, "password": password})
        assert answer.status_code == 303
        yield client


def add(owner: Client, name: str, role: str = "recruiter") -> tuple[str, str]:
    """A new account's id and password."""
    made = owner.post("/api/v1/accounts", json={"name": name, "role": role})
    assert made.status_code == 201, made.text
    return made.json()["account"]["id"], made.json()["password"]


def change(owner: Client, account_id: str, what: str, **form: str) -> Response:
    return owner.post(f"/recruiter/people/accounts/{account_id}/{what}", data=form)


def test_an_owner_adds_an_account_whose_password_is_shown_once(house: House, owner: Client) -> None:
    page = owner.post("/recruiter/people/accounts", data={"name": "Ann <b>Lee</b>", "role": "recruiter"})
    found = re.search(r'<code class="issued-password">([^<]+)</code>', page.text)
    assert found is not None
    assert "Ann &lt;b&gt;Lee&lt;/b&gt;" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert found.group(1) not in owner.get("/recruiter/people").text
    with desk(house, "ann <B>lee</B>", found.group(1)) as ann:
        assert ann.get("/recruiter/people").status_code == 200


@pytest.mark.parametrize(
    ("name", "says"), [("recruiter", "already"), ("", "visible characters"), ("system", "visible characters")]
)
def test_a_name_that_can_not_be_used_is_explained_and_kept(owner: Client, name: str, says: str) -> None:
    page = owner.post("/recruiter/people/accounts", data={"name": name, "role": "recruiter"})
    assert page.status_code in (409, 422)
    assert says in page.text
    assert f'name="name" value="{name}"' in page.text


def test_a_recruiter_sees_no_accounts_but_their_own(house: House, owner: Client) -> None:
    _, password = add(owner, "Ben")
    with desk(house, "Ben", password) as ben:
        page = ben.get("/recruiter/people").text
        assert "Your password" in page
        assert "Add an account" not in page
        assert "/recruiter/audit" not in page
        assert ben.get("/recruiter/audit").status_code == 403


def test_a_disabled_account_is_out_at_once(house: House, owner: Client) -> None:
    account_id, password = add(owner, "Carl")
    with desk(house, "Carl", password) as carl:
        assert change(owner, account_id, "disable").headers["location"] == "/recruiter/people?done=account"
        assert carl.get("/recruiter").headers["location"].startswith("/recruiter/login")
    change(owner, account_id, "enable")
    with desk(house, "Carl", password):
        pass


def test_roles_hold_for_log_ins_that_are_open(house: House, owner: Client) -> None:
    account_id, password = add(owner, "Dora")
    with desk(house, "Dora", password) as dora:
        change(owner, account_id, "role", role="owner")
        assert dora.get("/recruiter/audit").status_code == 200
        change(owner, account_id, "role", role="recruiter")
        assert dora.get("/recruiter/audit").status_code == 403


def test_the_last_owner_is_told_why_they_stay_one(owner: Client) -> None:
    me = owner.get("/api/v1/accounts/me").json()["id"]
    for answer in (change(owner, me, "disable"), change(owner, me, "role", role="recruiter")):
        assert answer.status_code == 409
        assert "last owner" in answer.text
    assert "giving the current one" in change(owner, me, "password").text


def test_a_changed_password_ends_other_log_ins_and_keeps_this_one(house: House, owner: Client) -> None:
    _, password = add(owner, "Emil")
    with desk(house, "Emil", password) as here, desk(house, "Emil", password) as there:
        wrong = here.post("/recruiter/people/password", data={"current": "no", "new": "long enough now"})
        assert (wrong.status_code, "current password is wrong" in wrong.text) == (422, True)
        short = here.post("/recruiter/people/password", data={"current": password, "new": "short"})
        assert "at least ten characters" in short.text
        done = here.post("/recruiter/people/password", data={"current": password, "new": "long enough now"})
        assert "all other log-ins have ended" in here.get(done.headers["location"]).text
        assert there.get("/recruiter").status_code == 303
    with desk(house, "Emil", "long enough now"):
        pass


def test_a_log_in_elsewhere_can_be_ended(house: House, owner: Client) -> None:
    _, password = add(owner, "Fay")
    with desk(house, "Fay", password) as here, desk(house, "Fay", password) as there:
        page = here.get("/recruiter/people").text
        assert page.count("Firefox · Windows") == 2
        (ending,) = re.findall(r'action="(/recruiter/people/sessions/\w+/revoke)"', page)
        assert here.post(ending).status_code == 303
        assert there.get("/recruiter").status_code == 303
        assert here.get("/recruiter").status_code == 200
        assert here.post(ending).status_code == 404


def test_logging_in_again_gives_another_token_and_ends_the_first(house: House, owner: Client) -> None:
    _, password = add(owner, "Gil")
    with desk(house, "Gil", password) as gil:
        first = gil.cookies["recruiter"]
        gil.post("/recruiter/login", data={"name": "Gil", "password": password})
        assert gil.cookies["recruiter"] != first
        gil.cookies["recruiter"] = first
        assert gil.get("/recruiter").status_code == 303


def test_the_log_in_page_leads_back_to_the_whole_address(house: House, owner: Client) -> None:
    _, password = add(owner, "Hal")
    with Client(base_url=house.url, timeout=60, follow_redirects=True) as visitor:
        asked = visitor.get("/recruiter/people?done=session")
        wanted = asked.url.params["next"]
        form = {"name": "Hal", "password": password, "next": wanted}
        assert str(visitor.post("/recruiter/login", data=form).url).endswith("/recruiter/people?done=session")


def test_the_audit_log_is_readable_filtered_and_exported(owner: Client) -> None:
    account_id, _ = add(owner, "Ida")
    page = owner.get("/recruiter/audit", params={"subject": account_id}).text
    assert "Account added" in page
    assert "<td" in page
    assert page.count("<tr>") == 2
    assert "Nothing to show" in owner.get("/recruiter/audit?actor=candidate&action=account.add").text
    assert "Nothing to show" in owner.get("/recruiter/audit?since=&until=2001-01-01").text
    exported = owner.get(f"/recruiter/audit/export.csv?subject={account_id}")
    assert exported.headers["content-type"].startswith("text/csv")
    assert exported.text.count("account.add") == 1
    latest = owner.get("/api/v1/audit?limit=1").json()
    assert latest["events"][0]["action"] == "audit.export"
    older = owner.get(f"/api/v1/audit?limit=1&before={latest['next']}").json()
    assert older["events"][0]["id"] < latest["events"][0]["id"]


def test_an_action_without_a_name_is_shown_as_it_is(owner: Client) -> None:
    page = owner.get("/recruiter/audit?action=some.thing").text
    assert '<option value="some.thing" selected>some.thing</option>' in page


@pytest.mark.parametrize("query", ["since=yesterday", "before=x", "before=99999999999", "actor=" + "x" * 81])
def test_a_query_that_can_not_be_one_is_explained(owner: Client, query: str) -> None:
    assert owner.get(f"/recruiter/audit?{query}").status_code == 422


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_no_route_changes_the_audit_log(owner: Client, method: str) -> None:
    for path in ("/api/v1/audit", "/recruiter/audit", "/api/v1/audit/1", "/api/v1/audit/export.csv"):
        assert owner.request(method, path).status_code in (404, 405)
