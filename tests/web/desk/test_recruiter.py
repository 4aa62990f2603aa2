from collections.abc import Iterator

import pytest
from httpx import Client, Response

from app.recruiting.accounts.attempts import MOST_PER_NAME
from tests.web.house import House

UNKNOWN = "0" * 32


@pytest.fixture
def visitor(house: House) -> Iterator[Client]:
    with Client(base_url=house.url, timeout=60, headers={"accept-language": "en"}) as client:
        yield client


def log_in(visitor: Client, password: str, **more: str) -> Response:
    return visitor.post("/recruiter/login", data={"name": "recruiter", "password": password, **more})


@pytest.fixture
def recruiter(house: House, visitor: Client) -> Client:
    assert log_in(visitor, house.password).status_code == 303
    return visitor


@pytest.mark.parametrize("path", ["/recruiter", f"/recruiter/interviews/{UNKNOWN}"])
def test_the_desk_needs_a_log_in(visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/recruiter/login?next=")


def test_the_session_cookie_is_out_of_reach(house: House, visitor: Client) -> None:
    cookie = log_in(visitor, house.password).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_wrong_password_shows_the_form_again(visitor: Client) -> None:
    answer = log_in(visitor, "wrong")
    assert answer.status_code == 401
    assert "The account or the password is wrong" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_candidates_token_opens_no_desk(visitor: Client) -> None:
    choice = {"bank": "tiny", "questions": "1", "follow_ups": "0"}
    path = visitor.post("/interviews", data=choice).headers["location"].partition("?")[0]
    assert visitor.get(f"/recruiter{path}").status_code == 303


def test_logging_out_closes_the_desk_for_a_stolen_cookie_too(recruiter: Client) -> None:
    stolen = recruiter.cookies["recruiter"]
    recruiter.post("/recruiter/logout")
    assert recruiter.get("/recruiter").status_code == 303
    recruiter.cookies["recruiter"] = stolen
    assert recruiter.get("/recruiter").status_code == 303


@pytest.mark.parametrize("path", ["/recruiter/login", "/recruiter/logout"])
def test_a_form_of_another_site_is_refused(recruiter: Client, path: str) -> None:
    assert recruiter.post(path, headers={"origin": "http://evil.test"}).status_code == 403
    assert recruiter.get("/recruiter").status_code == 200


@pytest.mark.parametrize("address", ["//evil.test", "https://evil.test", "/recruiter/logout", "/recruiterx"])
def test_logging_in_never_leads_to_another_site(house: House, visitor: Client, address: str) -> None:
    assert log_in(visitor, house.password, next=address).headers["location"] == "/recruiter"


def test_logging_in_goes_on_to_the_page_that_was_asked_for(house: House, visitor: Client) -> None:
    wanted = f"/recruiter/interviews/{UNKNOWN}"
    assert log_in(visitor, house.password, next=wanted).headers["location"] == wanted


def test_an_unknown_interview_is_explained(recruiter: Client) -> None:
    answer = recruiter.get(f"/recruiter/interviews/{UNKNOWN}")
    assert answer.status_code == 404
    assert "no such page" in answer.text


@pytest.mark.parametrize("query", ["status=odd", "after=x", "after=%00"])
def test_a_list_that_does_not_exist_is_explained(recruiter: Client, query: str) -> None:
    assert recruiter.get(f"/recruiter?{query}").status_code == 422


def test_the_list_leads_to_the_transcript_with_its_rubric(recruiter: Client) -> None:
    choice = {"bank": "tiny", "questions": "1", "follow_ups": "0"}
    path = recruiter.post("/interviews", data=choice).headers["location"].partition("?")[0]
    assert f'href="/recruiter{path}?' in recruiter.get("/recruiter").text
    assert f'href="/recruiter{path}?' not in recruiter.get("/recruiter?status=paused").text
    page = recruiter.get(f"/recruiter{path}")
    assert "Rubric" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_too_many_failures_say_how_long_to_wait(visitor: Client) -> None:
    for _ in range(MOST_PER_NAME):
        visitor.post("/recruiter/login", data={"name": "guess", "password": "wrong"})
    answer = visitor.post("/recruiter/login", data={"name": "guess", "password": "wrong"})
    assert answer.status_code == 429
    assert "Too many tries" in answer.text
