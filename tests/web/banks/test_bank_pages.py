import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from httpx import Client

from tests.web.banks.banking import DAMAGED, hidden, import_draft, recruiter, send
from tests.web.house import House

UNKNOWN = "0" * 32
POSTS = [
    "/recruiter/banks/import",
    "/recruiter/banks/tiny/roll-back",
    *(
        f"/recruiter/drafts/{UNKNOWN}/{action}"
        for action in (
            "details",
            "repairs/0",
            "flags",
            "propose",
            "cancel",
            "discard",
            "publish",
            "questions/q1",
        )
    ),
]


@pytest.fixture(scope="module")
def desk(running_house: House) -> Iterator[Client]:
    """A recruiter at the desk; one for all tests, because log-ins from one address are counted."""
    with recruiter(running_house) as client:
        yield client


def question_form(desk: Client, draft: str, key: str = "q1") -> dict[str, str]:
    """What the editor of a question would send."""
    page = desk.get(f"{draft}/questions/{key}", headers={"hx-request": "true"}).text
    return {
        "mark": hidden(page, "mark"),
        "do": "save",
        "text": "客户收到的包裹破损了，您会怎么处理？",
        "kind": "situational",
        "difficulty": "medium",
        "max_score": "8",
        "section": re.search(r'<option value="([^"]+)" selected>一?、?情境应对', page)[1],  # type: ignore[index]
        "included": "yes",
        "point_text": "先道歉",
        "point_weight": "1",
    }


def details_form(desk: Client, draft: str) -> dict[str, str]:
    page = desk.get(draft).text
    return {
        "mark": hidden(page, "mark", "details-form"),
        "title": "客服岗位面试题库",
        "role": "客服",
        "bank_id": "kefu",
        "language": "zh-CN",
    }


@pytest.mark.parametrize(
    "path", ["/recruiter/banks", "/recruiter/banks/tiny", f"/recruiter/drafts/{UNKNOWN}"]
)
def test_the_banks_need_a_log_in_and_come_back_after_it(house: House, path: str) -> None:
    with Client(base_url=house.url, timeout=60) as visitor:
        answer = visitor.get(path)
        assert answer.status_code == 303
        assert urlsplit(answer.headers["location"]).query == f"next={path.replace('/', '%2F')}"
        log_in = {"name": "recruiter", "password": house.password, "next": path}
        assert visitor.post("/recruiter/login", data=log_in).headers["location"] == path


@pytest.mark.parametrize("path", POSTS)
def test_nobody_posts_without_a_log_in(house: House, path: str) -> None:
    with Client(base_url=house.url, timeout=60) as visitor:
        assert visitor.post(path).headers["location"].startswith("/recruiter/login")
        assert visitor.post(path, headers={"hx-request": "true"}).status_code == 401


@pytest.mark.parametrize("path", POSTS)
def test_a_form_of_another_site_is_refused(desk: Client, path: str) -> None:
    assert desk.post(path, headers={"origin": "http://evil.test"}).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        f"/recruiter/drafts/{UNKNOWN}",
        f"/recruiter/drafts/{UNKNOWN}/publish",
        "/recruiter/banks/none",
        "/recruiter/banks/tiny?from=9.9.9&to=1.0.0",
    ],
)
def test_what_does_not_exist_is_explained(desk: Client, path: str) -> None:
    answer = desk.get(path)
    assert answer.status_code == 404
    assert "no such page" in answer.text


def test_the_list_names_banks_with_their_version_and_where_they_are_from(desk: Client) -> None:
    page = desk.get("/recruiter/banks").text
    assert "A tiny bank" in page
    assert "Version 1.0.0" in page
    assert "From a bank file" in page
    assert 'href="/recruiter/banks"' in desk.get("/recruiter").text


def test_an_import_leads_to_its_review_and_is_listed_as_a_draft(desk: Client) -> None:
    draft = import_draft(desk)
    page = desk.get(draft)
    assert page.headers["cache-control"] == "no-store"
    assert "客服岗位面试题库" in page.text
    assert f'href="{draft}"' in desk.get("/recruiter/banks").text


def test_an_upload_by_script_is_told_where_to_go(desk: Client) -> None:
    answer = send(desk, DAMAGED, **{"hx-request": "true"})
    assert answer.status_code == 200
    assert answer.headers["hx-redirect"].startswith("/recruiter/drafts/")


@pytest.mark.parametrize(
    ("content", "name", "explained"),
    [
        (b"", "empty.txt", "There is no text in this file"),
        (b"%PDF-1.7\nnot really", "broken.pdf", "This file is damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "picture.png", "Files of this kind can"),
    ],
)
def test_a_file_that_can_not_be_imported_is_explained_on_the_page(
    desk: Client, content: bytes, name: str, explained: str
) -> None:
    answer = send(desk, content, name)
    assert answer.status_code == 422
    assert explained in answer.text
    assert "Import a document" in answer.text
    part = send(desk, content, name, **{"hx-request": "true"})
    assert explained in part.text
    assert "<html" not in part.text


def test_a_form_without_a_file_is_explained(desk: Client) -> None:
    assert desk.post("/recruiter/banks/import").status_code == 422


def test_a_file_above_the_limit_is_refused_before_it_is_read(desk: Client) -> None:
    assert send(desk, b"x" * 21_000_000, "large.txt").status_code == 413


def test_words_of_a_document_stay_words(desk: Client) -> None:
    evil = '<img src=x onerror=alert(1)>" hx-get="/recruiter/logout" hx-trigger="load'
    draft = import_draft(desk, f"{evil}\n\n1. {evil}您会怎么处理？\n答案要点：\n（1）{evil}\n（2）道歉\n")
    page = desk.get(draft).text
    key = re.search(r'id="row-([^"]+)"', page)[1]  # type: ignore[index]
    page += desk.get(f"{draft}?open={key}").text
    assert "onerror=alert" in page
    assert "<img" not in page
    assert '" hx-get="/recruiter/logout"' not in page


def test_a_page_names_what_its_answers_may_load(desk: Client) -> None:
    policy = desk.get(import_draft(desk)).headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_part_of_the_page_is_answered_with_that_part_only(desk: Client) -> None:
    draft = import_draft(desk)
    part = desk.get(f"{draft}/questions/q1", headers={"hx-request": "true"}).text
    assert part.lstrip().startswith("<li")
    assert "<html" not in part
    assert "<html" in desk.get(f"{draft}/questions/q1").text


def test_saving_a_question_answers_with_its_row_and_the_new_figures(desk: Client) -> None:
    draft = import_draft(desk)
    form = question_form(desk, draft)
    answer = desk.post(f"{draft}/questions/q1", data=form, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert "1 point<" in answer.text
    assert 'id="understood"' in answer.text


def test_a_question_changed_meanwhile_is_shown_with_both_wordings(desk: Client) -> None:
    draft = import_draft(desk)
    form = question_form(desk, draft)
    desk.post(f"{draft}/questions/q1", data=form | {"text": "Theirs?"})
    answer = desk.post(f"{draft}/questions/q1", data=form | {"text": "Mine?"})
    assert answer.status_code == 409
    assert "Theirs?" in answer.text
    assert "Mine?" in answer.text
    again = form | {"text": "Mine?", "mark": hidden(answer.text, "mark", 'id="form-q1"')}
    assert desk.post(f"{draft}/questions/q1", data=again).status_code == 303


def test_the_same_change_made_twice_is_no_conflict(desk: Client) -> None:
    draft = import_draft(desk)
    form = question_form(desk, draft)
    for _ in range(2):
        assert desk.post(f"{draft}/questions/q1", data=form).status_code == 303


@pytest.mark.parametrize(
    ("fields", "explained"),
    [
        ({"text": " "}, "Write the question."),
        ({"max_score": "lots"}, "Marks are above 0"),
        ({"point_weight": "0"}, "A weight is above 0"),
        ({"kind": "odd"}, "not valid"),
    ],
)
def test_what_can_not_be_saved_stays_in_the_form(
    desk: Client, fields: dict[str, str], explained: str
) -> None:
    draft = import_draft(desk)
    form = question_form(desk, draft) | {"reference_answer": "A long answer"} | fields
    answer = desk.post(f"{draft}/questions/q1", data=form)
    assert answer.status_code == 422
    assert explained in answer.text
    assert "A long answer" in answer.text


def test_a_repair_is_settled_once(desk: Client) -> None:
    draft = import_draft(desk)
    page = desk.get(draft).text
    [number] = re.findall(r'id="repair-(\d+)"', page)
    form = {"mark": hidden(page, "mark", 'class="settle"'), "do": "keep"}
    assert desk.post(f"{draft}/repairs/{number}", data=form).status_code == 303
    assert 'class="card doubt"' not in desk.get(draft).text
    again = desk.post(f"{draft}/repairs/{number}", data=form, headers={"hx-request": "true"})
    assert again.status_code == 409
    assert again.headers["hx-retarget"] == "#notices"
    assert "Someone else has settled this" in again.text


def test_a_repair_that_does_not_exist_is_not_found(desk: Client) -> None:
    draft = import_draft(desk)
    for number in ("9999", "-1"):
        assert desk.post(f"{draft}/repairs/{number}", data={"mark": "x"}).status_code == 404


def test_the_details_are_saved_and_checked(desk: Client) -> None:
    draft = import_draft(desk)
    form = details_form(desk, draft)
    refused = desk.post(f"{draft}/details", data=form | {"bank_id": "Not an id"})
    assert refused.status_code == 422
    assert "An id has small letters" in refused.text
    assert 'value="Not an id"' in refused.text
    assert desk.post(f"{draft}/details", data=form).status_code == 303
    assert 'value="kefu"' in desk.get(draft).text
    stale = desk.post(f"{draft}/details", data=form | {"title": "Mine"})
    assert stale.status_code == 409
    assert "Someone else changed this" in stale.text
    assert 'value="Mine"' in stale.text


def ready(desk: Client, bank_id: str) -> str:
    """A draft of which something can be published, as that bank."""
    draft = import_draft(desk)
    answer = desk.post(f"{draft}/details", data=details_form(desk, draft) | {"bank_id": bank_id})
    assert answer.status_code == 303
    return draft


def test_publishing_shows_what_it_changes_and_what_is_left_out(desk: Client) -> None:
    page = desk.get(f"{ready(desk, 'shown')}/publish").text
    assert "1 question will be published" in page
    assert "2 questions are left out" in page
    assert "This is the first version" in page


def test_a_draft_that_changed_since_it_was_confirmed_is_shown_again(desk: Client) -> None:
    draft = ready(desk, "changing")
    confirm = desk.get(f"{draft}/publish").text
    form = {"revision": hidden(confirm, "revision"), "onto": ""}
    desk.post(f"{draft}/questions/q1", data=question_form(desk, draft))
    answer = desk.post(f"{draft}/publish", data=form)
    assert answer.status_code == 409
    assert "The draft has changed since you looked" in answer.text
    form["revision"] = hidden(answer.text, "revision")
    assert desk.post(f"{draft}/publish", data=form).headers["location"] == f"{draft}/published"


def test_publishing_twice_publishes_once(desk: Client) -> None:
    draft = ready(desk, "twice")
    form = {"revision": hidden(desk.get(f"{draft}/publish").text, "revision"), "onto": ""}
    for _ in range(2):
        assert desk.post(f"{draft}/publish", data=form).headers["location"] == f"{draft}/published"
    assert desk.get(draft).headers["location"] == f"{draft}/published"
    assert desk.get(f"{draft}/publish").status_code == 303


def test_a_draft_without_a_publishable_question_can_not_be_published(desk: Client) -> None:
    draft = import_draft(desk, "1. 您为什么选择客服？\n答案：喜欢。\n")
    assert "No question can be published yet" in desk.get(draft).text
    assert " disabled" in desk.get(f"{draft}/publish").text


def test_a_discarded_draft_is_gone(desk: Client) -> None:
    draft = import_draft(desk)
    assert desk.post(f"{draft}/discard").headers["location"] == "/recruiter/banks"
    assert desk.get(draft).status_code == 404
    assert draft not in desk.get("/recruiter/banks").text


def test_going_back_to_the_version_that_stands_changes_nothing(desk: Client) -> None:
    answer = desk.post("/recruiter/banks/tiny/roll-back", data={"version": "1.0.0"})
    assert answer.status_code == 422
    assert "A tiny bank" in answer.text


@pytest.mark.parametrize("query", ["q=%3F%3F", "q=" + "x" * 20_001, "q=parcel&in=" + "x" * 81])
def test_a_search_without_sense_is_explained(desk: Client, query: str) -> None:
    answer = desk.get(f"/recruiter/banks?{query}", headers={"hx-request": "true"})
    assert answer.status_code in (200, 422)
    assert "<html" not in answer.text
    assert "notice" in answer.text


def test_a_search_is_narrowed_to_a_bank(desk: Client) -> None:
    part = desk.get("/recruiter/banks?q=parcel&in=tiny", headers={"hx-request": "true"}).text
    assert "late parcel" in part
    assert "3 points" in part


@pytest.mark.parametrize("query", ["show=attention", "show=odd", "page=99", "page=-1", "open=none"])
def test_any_part_of_the_list_can_be_asked_for(desk: Client, query: str) -> None:
    assert desk.get(f"{import_draft(desk)}?{query}").status_code == 200


def test_an_unreadable_place_is_put_right_on_its_card(desk: Client) -> None:
    broken = DAMAGED.replace("先向客户致歉", "先向\ufffd\ufffd致歉")
    draft = import_draft(desk, broken)
    page = desk.get(draft).text
    card = 'id="flag-q1-'
    assert card in page
    form = {name: hidden(page, name, card) for name in ("mark", "key", "index")}
    answer = desk.post(
        f"{draft}/flags", data=form | {"do": "mine", "text": "客户"}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 200
    assert card not in answer.text
    assert "先向客户致歉" in desk.get(f"{draft}?open=q1").text
