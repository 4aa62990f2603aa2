from datetime import timedelta

import pytest

from app.db.tables import now
from app.interviews.repository import Interviews
from app.interviews.schemas import NewInterview
from tests.interviews.browsing import Browser


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", "/replies"),
        ("GET", "/events"),
        ("POST", "/end"),
        ("POST", "/retry"),
        ("POST", "/stop"),
        ("POST", "/device-links"),
        ("GET", "/report"),
    ],
)
async def test_nothing_is_shown_without_the_right_token(browser: Browser, method: str, path: str) -> None:
    url, _ = await browser.interview()
    _, of_another = await browser.interview()
    body = {"text": "x", "client_turn_id": "t"} if path == "/replies" else None
    for headers in (
        {},
        of_another,
        {"Authorization": "Basic eDp4"},
        {"Cookie": "interview_x=y"},
        {"Authorization": b"Bearer \xff\xfe"},
    ):
        response = await browser.http.request(method, url + path, json=body, headers=headers)  # type: ignore[arg-type]

        assert response.status_code == 401, (headers, response.text)
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["hint"]


async def test_an_expired_token_says_so(browser: Browser) -> None:
    url, headers = await browser.interview()
    async with browser.house.database.session() as session:
        interview = await Interviews(session).lock(url.rsplit("/", 1)[1])
        interview.expires_at = now() - timedelta(seconds=1)

    response = await browser.http.get(url, headers=headers)

    assert response.status_code == 401
    assert "expired" in response.json()["detail"]


async def test_the_pages_cookie_opens_the_interview_too(browser: Browser) -> None:
    url, headers = await browser.interview()
    name = f"interview_{url.rsplit('/', 1)[1]}"

    response = await browser.http.get(url, headers={"Cookie": f"{name}={headers['Authorization'][7:]}"})

    assert response.status_code == 200


@pytest.mark.parametrize("interview_id", ["0" * 32, "nonsense", "%00", "x" * 500])
async def test_an_unknown_interview_is_not_found(browser: Browser, interview_id: str) -> None:
    response = await browser.http.get(
        f"/api/v1/interviews/{interview_id}", headers={"Authorization": "Bearer x"}
    )

    assert response.status_code == 404


async def test_a_closed_interview_says_who_closed_it_and_only_to_who_may_know(browser: Browser) -> None:
    url, headers = await browser.interview()
    async with browser.house.database.session() as session:
        (await Interviews(session).lock(url.rsplit("/", 1)[1])).access_revoked_at = now()

    refused = await browser.http.get(url, headers=headers)
    stranger = await browser.http.get(url, headers={"Authorization": "Bearer x"})

    assert (refused.status_code, refused.json()["type"]) == (401, "urn:interviewer:access-revoked")
    assert stranger.json()["type"] == "urn:interviewer:not-allowed"


async def test_whoever_listens_is_told_that_the_interview_was_closed(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.interviews.turns.followers.HEARTBEAT_SECONDS", 0.05)
    url, headers = await browser.interview()
    async with browser.http.stream("GET", f"{url}/events", headers=headers) as response:
        rows = response.aiter_lines()
        heard = [await anext(rows)]
        async with browser.house.database.session() as session:
            (await Interviews(session).lock(url.rsplit("/", 1)[1])).access_revoked_at = now()
        heard += [row async for row in rows]

    assert "access-revoked" in "\n".join(heard).rsplit("event: error", 1)[1]


async def test_a_persons_cookie_opens_their_own_interviews_and_no_others(browser: Browser) -> None:
    service = browser.house.service
    wanted = NewInterview(bank="tiny", seed=1)
    (own, person), (others, stranger) = [await service.begin(wanted, None) for _ in range(2)]
    again, no_new_person = await service.begin(wanted, person)

    async def status(interview_id: str, cookie: str | None) -> int:
        headers = {"Cookie": f"person={cookie}"}
        return (await browser.http.get(f"/api/v1/interviews/{interview_id}", headers=headers)).status_code

    assert no_new_person is None
    assert [await status(each.id, person) for each in (own, again, others)] == [200, 200, 401]
    assert [await status(each.id, stranger) for each in (own, others)] == [401, 200]
    assert await status(own.id, "x" * 5000) == 401


async def test_a_persons_cookie_does_not_open_an_interview_without_a_person(browser: Browser) -> None:
    url, _ = await browser.interview()
    _, person = await browser.house.service.begin(NewInterview(bank="tiny", seed=1), None)

    response = await browser.http.get(url, headers={"Cookie": f"person={person}"})

    assert response.status_code == 401
