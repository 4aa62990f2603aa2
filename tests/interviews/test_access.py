from datetime import timedelta

import pytest

from app.db.tables import now
from app.interviews.repository import Interviews
from tests.interviews.browsing import Browser


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", "/replies"),
        ("GET", "/events"),
        ("POST", "/end"),
        ("POST", "/retry"),
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
