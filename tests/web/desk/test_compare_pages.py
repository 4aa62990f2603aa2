import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from httpx import Client
from playwright.sync_api import Page, expect

from app.db.engine import Database, create_engine
from app.db.tables import BlindReview
from tests.recruiting.seeding import add_account, seed_interviews
from tests.web.house import House
from tests.web.walk import log_in, overflow

UNKNOWN = "0" * 32


@dataclass(frozen=True)
class Desk:
    """Interviews with the same questions; the one that is to be judged blind; one with more questions."""

    same: list[str]
    blind: str
    longer: str


@pytest.fixture(scope="module")
def desk(running_house: House) -> Desk:
    async def fill() -> Desk:
        database = Database(create_engine(running_house.settings.async_database_url))
        same = await seed_interviews(database, 4, questions=3)
        blind = await seed_interviews(database, 1, questions=3, blind=True, seed=1)
        longer = await seed_interviews(database, 1, questions=5, seed=2)
        other = await add_account(database, "someone else")
        async with database.session() as session:
            session.add(BlindReview(interview_id=same.interviews[0], account_id=other.id))
        await database.close()
        return Desk(same.interviews, blind.interviews[0], longer.interviews[0])

    return asyncio.run(fill())


@pytest.fixture
def recruiter(house: House) -> Iterator[Client]:
    with Client(base_url=house.url, timeout=60, headers={"accept-language": "en"}) as client:
        client.post("/recruiter/login", data={"name": "recruiter", "password": house.password})
        yield client


def test_the_comparison_needs_a_log_in(house: House, desk: Desk) -> None:
    with Client(base_url=house.url, timeout=60) as stranger:
        page = stranger.get("/recruiter/compare", params={"ids": ",".join(desk.same[:2])})
        assert page.status_code == 303
        assert stranger.get("/api/v1/recruiting/compare", params={"ids": desk.same[:2]}).status_code == 401


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_are_explained_with_a_way_back(recruiter: Client, desk: Desk, count: int) -> None:
    answer = recruiter.get("/recruiter/compare", params={"ids": desk.same[:count]})
    assert answer.status_code == 422
    assert "Choose two to five interviews" in answer.text
    assert 'href="/recruiter"' in answer.text


def test_too_many_are_explained(recruiter: Client, desk: Desk) -> None:
    answer = recruiter.get("/recruiter/compare", params={"ids": [*desk.same, desk.blind, desk.longer]})
    assert answer.status_code == 422
    assert "6 different interviews" in answer.text


def test_an_unknown_id_is_explained_and_shows_nothing_of_the_others(recruiter: Client, desk: Desk) -> None:
    answer = recruiter.get("/recruiter/compare", params={"ids": [desk.same[0], UNKNOWN]})
    assert answer.status_code == 404
    assert "does not exist" in answer.text
    assert "Lin Yue" not in answer.text


def test_an_id_can_hold_html_without_harm(recruiter: Client, desk: Desk) -> None:
    answer = recruiter.get("/recruiter/compare", params={"ids": [desk.same[0], "<script>alert(1)</script>"]})
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


def test_candidates_stand_side_by_side_with_their_ranges(recruiter: Client, desk: Desk) -> None:
    page = recruiter.get("/recruiter/compare", params={"ids": ",".join(desk.same)}).text
    assert "3 questions count, 24 marks" in page
    assert page.count('<svg class="spread"') == 4 * (1 + 3 + 2)
    assert "Lin Yue 0" in page
    assert "How the ranges come about" in page
    assert page.count("Can&#39;t be told apart.") + page.count("higher:") + page.count("overlap:") == 6


def test_questions_of_some_only_stand_apart(recruiter: Client, desk: Desk) -> None:
    page = recruiter.get("/recruiter/compare", params={"ids": [desk.same[0], desk.longer]}).text
    assert "3 questions count" in page
    assert "Asked of some only" in page
    assert "Not asked" in page


def test_an_interview_to_be_judged_blind_shows_neither_name_nor_score(recruiter: Client, desk: Desk) -> None:
    ids = [desk.same[1], desk.same[2], desk.blind]
    page = recruiter.get("/recruiter/compare", params={"ids": ids}).text
    assert "Hidden until you have judged this interview blind" in page
    assert "Lin Yue 0" not in page
    given = recruiter.get("/api/v1/recruiting/compare", params={"ids": ids}).json()
    assert given["candidates"][2] | {"created_at": "", "id": ""} == {
        "id": "",
        "letter": "C",
        "name": None,
        "hidden": True,
        "status": "ended",
        "mode": "assessment",
        "bank_title": "A broad bank",
        "language": "en",
        "created_at": "",
        "total": None,
    }


def test_someone_elses_blind_review_hides_nothing_from_me(recruiter: Client, desk: Desk) -> None:
    given = recruiter.get("/api/v1/recruiting/compare", params={"ids": desk.same[:2]}).json()
    assert [candidate["hidden"] for candidate in given["candidates"]] == [False, False]


def test_the_api_refuses_as_the_page_does(recruiter: Client, desk: Desk) -> None:
    refused = recruiter.get("/api/v1/recruiting/compare", params={"ids": desk.same[:1]})
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:interviewer:not-comparable"
    assert recruiter.get("/api/v1/recruiting/compare", params={"ids": [UNKNOWN, "x"]}).status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_a_click_on_a_point_shows_everyones_words(
    windows: Callable[..., Page], house: House, desk: Desk, width: int
) -> None:
    page = log_in(lambda: windows(width=width), house)
    page.goto(f"{house.url}/recruiter/compare?ids={','.join(desk.same)}")
    point = page.locator(".compared-points li").first
    expect(point.locator(".words-of-all")).to_be_hidden()
    point.locator("summary").click()
    expect(point.locator(".words-of-one")).to_have_count(4)
    expect(point.locator(".words-of-one").first).to_be_visible()
    assert overflow(page) == []
