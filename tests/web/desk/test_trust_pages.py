import asyncio
from collections.abc import Callable, Iterator

import pytest
from httpx import Client
from playwright.sync_api import Page

from app.db.engine import Database, create_engine
from app.recruiting.trust.schemas import Calibration
from app.web.desk.trust_charts import SIZE, panels, reliability
from tests.recruiting.seeding import (
    add_account,
    seed_blind_reviews,
    seed_calls,
    seed_interviews,
    seed_overrides,
)
from tests.web.house import House
from tests.web.screens.audit import findings_in_every_look
from tests.web.walk import log_in


@pytest.fixture(scope="module")
def seeded_house(running_house: House) -> House:
    async def fill() -> None:
        database = Database(create_engine(running_house.settings.async_database_url))
        seeded = await seed_interviews(database, 60)
        ann = await add_account(database, "ann")
        await seed_blind_reviews(database, seeded, [ann], seeded.interviews[::2])
        await seed_overrides(database, seeded, ann, seeded.interviews[1::2])
        await seed_calls(database, seeded)
        await database.close()

    asyncio.run(fill())
    return running_house


@pytest.fixture
def recruiter(seeded_house: House) -> Iterator[Client]:
    with Client(base_url=seeded_house.url, timeout=60, headers={"accept-language": "en"}) as client:
        client.post("/recruiter/login", data={"name": "recruiter", "password": seeded_house.password})
        yield client


@pytest.mark.parametrize("path", ["/recruiter/trust", "/recruiter/trust/agreement.csv"])
def test_the_figures_need_a_log_in(seeded_house: House, path: str) -> None:
    with Client(base_url=seeded_house.url, timeout=60) as stranger:
        assert stranger.get(path).status_code == 303
        assert stranger.get("/api/v1/recruiting/trust").status_code == 401


def test_the_page_says_what_was_counted_and_that_overrides_are_biased(recruiter: Client) -> None:
    page = recruiter.get("/recruiter/trust").text
    assert "60 interviews begun since" in page
    assert "A biased sample" in page
    assert "900 verdicts on 6 questions in 30 interviews." in page
    assert "No interview has two finished blind reviews" in page


@pytest.mark.parametrize("days", ["31", "x"])
def test_another_period_is_explained(recruiter: Client, days: str) -> None:
    answer = recruiter.get("/recruiter/trust", params={"days": days})
    assert answer.status_code == 422
    assert "text/html" in answer.headers["content-type"]


def test_a_period_with_little_says_so_instead_of_a_figure(recruiter: Client) -> None:
    assert "Too few to say" in recruiter.get("/recruiter/trust", params={"days": 30}).text


def test_the_download_opens_in_a_spreadsheet(recruiter: Client) -> None:
    answer = recruiter.get("/recruiter/trust/agreement.csv", params={"days": 90})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbffrom,bank,question")


def test_the_api_gives_the_same_figures(recruiter: Client) -> None:
    given = recruiter.get("/api/v1/recruiting/trust", params={"days": 90}).json()
    assert given["interviews"] == 60
    assert given["blind"]["verdicts"] == 900
    assert given["blind"]["kappa"]["low"] < given["blind"]["kappa"]["value"]
    assert recruiter.get("/api/v1/recruiting/trust", params={"days": 7}).status_code == 422


def test_a_chart_without_groups_has_an_empty_frame() -> None:
    chart = reliability(Calibration(verdicts=0, enough=False, error=None, bins=[]))
    assert chart.marks == ()
    assert chart.ticks[-1] == (SIZE, "100%")


def test_no_series_make_no_panels(recruiter: Client) -> None:
    from app.recruiting.trust.drift import drift

    assert panels(drift([], [], 7, {}, {}), []) == []


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_page_fits_and_can_be_read_by_all(
    windows: Callable[..., Page], seeded_house: House, locale: str
) -> None:
    page = log_in(lambda: windows(locale=locale), seeded_house)
    page.goto(f"{seeded_house.url}/recruiter/trust")
    assert findings_in_every_look(page) == []
