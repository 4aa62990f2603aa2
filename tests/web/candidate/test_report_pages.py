import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import Client, Response

from app.interviews.dependencies import interview_cookie
from tests.interviews.stored_reports import TOKEN, Told
from tests.web.candidate.stored_reports import store
from tests.web.house import House

RELEASED = datetime(2026, 3, 3, tzinfo=UTC)
WEAK = Told("I apologise first.", {"p1": 1}, quotes={"p1": "I apologise first"})
ALL = Told("All of it.", {"p1": 1, "p2": 1, "p3": 1})


@pytest.fixture
def visitor(house: House) -> Iterator[Client]:
    with Client(base_url=house.url, timeout=60, headers={"accept-language": "en"}) as client:
        yield client


def stored(visitor: Client, house: House, *answers: Told, **about: Any) -> str:
    """The path of a stored interview that the visitor may open."""
    interview_id = store(house, answers or [WEAK], **about)
    visitor.cookies.set(interview_cookie(interview_id), TOKEN)
    return f"/interviews/{interview_id}"


def disputing(visitor: Client, path: str, reason: str, point: str = "p2") -> Response:
    return visitor.post(f"{path}/disputes", data={"number": "1", "point": point, "reason": reason})


def test_a_practice_shows_score_interval_points_suggestion_and_model_answer(
    visitor: Client, house: House
) -> None:
    page = visitor.get(f"{stored(visitor, house)}/report").text
    for said in ("The score very likely lies between", "I apologise first", "Next time", "All three things."):
        assert said in page


@pytest.mark.parametrize("ending", ["md", "pdf"])
def test_the_report_comes_as_a_file_that_no_cache_keeps(visitor: Client, house: House, ending: str) -> None:
    answer = visitor.get(f"{stored(visitor, house)}/report.{ending}")
    assert answer.status_code == 200
    assert f'.{ending}"' in answer.headers["content-disposition"]
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("what", ["report", "report.md", "report.pdf"])
def test_nobody_else_reads_a_report(visitor: Client, house: House, what: str) -> None:
    path = stored(visitor, house)
    with Client(base_url=house.url, timeout=60) as stranger:
        assert stranger.get(f"{path}/{what}").status_code == 401


@pytest.mark.parametrize(
    ("about", "shown", "hidden"),
    [
        (
            {},
            ["<h1>Your interview</h1>", "what happens next"],
            ["Question by question", "apologise</span>", "Interview report"],
        ),
        (
            {"settings": {"sees": "nothing"}, "released_at": RELEASED},
            ["results are not shown here"],
            ["Total"],
        ),
        (
            {"settings": {"sees": "scores"}, "released_at": RELEASED},
            ["Competencies"],
            ["Question by question"],
        ),
        (
            {"settings": {"sees": "points"}, "released_at": RELEASED},
            ["Question by question", "Dispute this point"],
            ["All three things."],
        ),
        ({"released_at": RELEASED}, ["All three things."], ["Practise only this one"]),
    ],
)
def test_an_assessment_shows_what_was_released_and_nothing_more(
    visitor: Client, house: House, about: dict[str, Any], shown: list[str], hidden: list[str]
) -> None:
    page = visitor.get(f"{stored(visitor, house, mode='assessment', **about)}/report").text
    assert [words for words in shown if words not in page] == []
    assert [words for words in hidden if words in page] == []


@pytest.mark.parametrize("about", [{}, {"settings": {"sees": "nothing"}, "released_at": RELEASED}])
def test_what_is_not_released_is_in_no_file(visitor: Client, house: House, about: dict[str, Any]) -> None:
    path = stored(visitor, house, mode="assessment", **about)
    assert visitor.get(f"{path}/report.md").status_code == 404


def test_a_dispute_is_taken_and_shown_at_its_point(visitor: Client, house: House) -> None:
    path = stored(visitor, house, mode="assessment", released_at=RELEASED)
    answer = disputing(visitor, path, "I did ask for the order number, <b>look</b>.")
    assert answer.headers["location"] == f"{path}/report#point-q1-p2"
    page = visitor.get(f"{path}/report").text
    assert "Waiting for review" in page
    assert "&lt;b&gt;look&lt;/b&gt;" in page


def test_a_refused_dispute_keeps_what_was_written(visitor: Client, house: House) -> None:
    path = stored(visitor, house, mode="assessment", released_at=RELEASED)
    answer = disputing(visitor, path, "too short")
    assert answer.status_code == 422
    assert ">too short</textarea>" in answer.text
    assert "10 to 1,000 characters on what" in answer.text


@pytest.mark.parametrize(
    ("form", "status"),
    [({"point": "p9"}, 404), ({"number": "7"}, 404), ({"number": "x"}, 422), ({"point": "p" * 100}, 422)],
)
def test_a_dispute_of_a_point_it_does_not_have_is_explained(
    visitor: Client, house: House, form: dict[str, str], status: int
) -> None:
    path = stored(visitor, house, mode="assessment", released_at=RELEASED)
    told = {"number": "1", "point": "p2", "reason": "I did say that."} | form
    assert visitor.post(f"{path}/disputes", data=told).status_code == status


@pytest.mark.parametrize("what", ["again", "disputes", "judge-again"])
def test_another_sites_page_can_change_nothing(visitor: Client, house: House, what: str) -> None:
    path = stored(visitor, house)
    told = {"number": "1", "point": "p2", "reason": "I did say that.", "numbers": "1"}
    answer = visitor.post(f"{path}/{what}", data=told, headers={"origin": "http://evil.test"})
    assert answer.status_code == 403


def test_practising_again_opens_a_new_practice_whose_report_says_what_changed(
    visitor: Client, house: House
) -> None:
    first = stored(visitor, house, WEAK, ALL, person_id="p" * 32)
    page = visitor.get(f"{first}/report").text
    assert page.count('name="numbers" value="1"') == 3

    again = visitor.post(f"{first}/again", data={"numbers": "1"}).headers["location"]
    assert visitor.get(again).status_code == 200
    repeat = stored(visitor, house, ALL, person_id="p" * 32, again_of=first.rpartition("/")[2])
    changed = visitor.get(f"{repeat}/report").text
    assert "brought 2 last time and 6 this time" in changed
    assert "Last time:" in changed


def test_nothing_is_compared_with_a_strangers_practice(visitor: Client, house: House) -> None:
    foreign = store(house, [WEAK], person_id="q" * 32)
    path = stored(visitor, house, ALL, person_id="r" * 32, again_of=foreign)
    assert "Compared with last time" not in visitor.get(f"{path}/report").text


def test_choosing_no_question_to_practise_is_explained(visitor: Client, house: House) -> None:
    answer = visitor.post(f"{stored(visitor, house)}/again", data={})
    assert answer.status_code == 422
    assert "Choose the questions" in answer.text


def test_past_practices_are_drawn_once_there_are_two(visitor: Client, house: House) -> None:
    person = "s" * 32
    alone = stored(visitor, house, WEAK, person_id=person)
    assert "Your practices of this bank" not in visitor.get(f"{alone}/report").text
    second = stored(visitor, house, ALL, person_id=person)
    page = visitor.get(f"{second}/report").text
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="line-chart"' in page
    assert "33%" in page


def test_an_answer_that_could_not_be_scored_says_so_and_can_be_scored_again(
    visitor: Client, house: House
) -> None:
    unscored = Told("I apologise, then ask.", dict.fromkeys(("p1", "p2", "p3")), reason="llm-unavailable: x")
    path = stored(visitor, house, unscored)
    assert "That is not a zero" in visitor.get(f"{path}/report").text
    visitor.post(f"{path}/judge-again")
    deadline = time.monotonic() + 60
    while "not scored yet" in visitor.get(f"{path}/report").text.lower():
        assert time.monotonic() < deadline
        time.sleep(0.05)
