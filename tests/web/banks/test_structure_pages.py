import re
from collections.abc import Iterator

import pytest
from httpx import Client

from tests.web.banks.banking import hidden, import_draft, recruiter
from tests.web.house import House


@pytest.fixture(scope="module")
def desk(running_house: House) -> Iterator[Client]:
    """A recruiter at the desk."""
    with recruiter(running_house) as client:
        yield client


def section_key(page: str) -> str:
    found = re.search(r'/sections/([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_question_is_added_and_opened_for_its_points(desk: Client) -> None:
    draft = import_draft(desk)
    key = section_key(desk.get(draft).text)

    answer = desk.post(f"{draft}/questions", data={"section": key, "text": "您为什么想做客服？"})

    assert answer.status_code == 303
    page = desk.get(answer.headers["location"]).text
    assert "您为什么想做客服？" in page
    assert 'id="edit-new-1"' in page


def test_a_question_without_words_is_refused_in_words(desk: Client) -> None:
    draft = import_draft(desk)
    key = section_key(desk.get(draft).text)

    answer = desk.post(f"{draft}/questions", data={"section": key, "text": "  "})

    assert answer.status_code == 422
    assert "Write the question." in answer.text


def test_a_removed_question_is_gone(desk: Client) -> None:
    draft = import_draft(desk)
    assert 'id="row-q1"' in desk.get(draft).text

    assert desk.post(f"{draft}/questions/q1/remove").status_code == 303

    assert 'id="row-q1"' not in desk.get(draft).text
    assert desk.post(f"{draft}/questions/q1/remove").status_code == 404


def test_sections_are_added_and_renamed(desk: Client) -> None:
    draft = import_draft(desk)

    desk.post(f"{draft}/sections", data={"title": "新的一节"})
    page = desk.get(draft).text
    assert 'value="新的一节"' in page
    desk.post(f"{draft}/sections/{section_key(page)}", data={"title": "第一节的新名字"})

    assert 'value="第一节的新名字"' in desk.get(draft).text
    assert desk.post(f"{draft}/sections", data={"title": " "}).status_code == 422


def test_a_bank_in_use_becomes_a_draft_of_its_next_version(desk: Client) -> None:
    answer = desk.post("/recruiter/banks/tiny/edit")

    page = desk.get(answer.headers["location"]).text
    assert "Question text 1 late parcel?" in page
    assert 'value="tiny"' in page
    assert desk.post("/recruiter/banks/unknown/edit").status_code == 404


def test_a_point_gets_the_follow_up_that_asks_for_it(desk: Client) -> None:
    draft = desk.post("/recruiter/banks/tiny/edit").headers["location"]
    address = f"{draft}/questions/tiny.q1"
    page = desk.get(address, headers={"hx-request": "true"}).text
    form = {
        "mark": hidden(page, "mark"),
        "do": "save",
        "text": "Question text 1 late parcel?",
        "kind": "situational",
        "difficulty": "medium",
        "section": "only",
        "included": "yes",
        "point_text": ["apologise", "ask for the order number", "offer a refund"],
        "point_weight": ["1", "1", "1"],
        "point_probe": ["What would you say first?", "", ""],
    }

    assert desk.post(address, data=form).status_code == 303

    assert "What would you say first?" in desk.get(address, headers={"hx-request": "true"}).text
