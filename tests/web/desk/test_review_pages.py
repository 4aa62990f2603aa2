import re
from html import unescape

import pytest
from httpx import Client, Response

from tests.recruiting.reviews.held import REPLY
from tests.web.desk.reviewing import UNKNOWN, api, disputed_in, held_in, page
from tests.web.house import House

HTMX = {"hx-request": "true"}
SCRIPT = "<script>alert('x')</script>"


def point_form(desk: Client, interview_id: str, point: str = "p1") -> dict[str, str]:
    """The hidden fields of a point's form on the page."""
    text = desk.get(page(interview_id)).text
    (form,) = re.findall(rf'action="[^"]*/questions/1/points/{point}/verdict".*?</form>', text, re.DOTALL)
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    }


def override(desk: Client, interview_id: str, headers: dict[str, str] | None = None, **more: str) -> Response:
    form = point_form(desk, interview_id) | {"credit": "0.5", "reason": "only half"} | more
    return desk.post(f"{page(interview_id)}/questions/1/points/p1/verdict", data=form, headers=headers)


def test_the_conversation_stands_beside_its_rubric(house: House, desk: Client) -> None:
    text = desk.get(page(held_in(house, name="Robin Sample"))).text
    assert "<h1>Robin Sample</h1>" in text
    assert '<mark data-points="q1-p1"' in text
    assert "apologise" in text
    assert "Mark as reviewed" in text


def test_names_and_answers_are_text_never_markup(house: House, desk: Client) -> None:
    held = held_in(house, name=SCRIPT, reply=REPLY + SCRIPT)
    disputed_in(house, held, "p3", SCRIPT)
    desk.post(f"{page(held)}/comments", data={"text": SCRIPT})
    override(desk, held, reason=SCRIPT)
    for path in (page(held), f"{page(held)}/release", f"{page(held)}/questions/1/history"):
        text = desk.get(path).text
        assert SCRIPT not in text
        assert "&lt;script&gt;" in text


def test_an_override_without_scripts_leads_back_to_its_point(house: House, desk: Client) -> None:
    held = held_in(house)
    answer = override(desk, held)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{page(held)}#point-q1-p1"
    text = desk.get(page(held)).text
    assert "only half" in text
    assert "Decided by a person" in text


def test_an_override_by_a_part_brings_the_totals_with_it(house: House, desk: Client) -> None:
    answer = override(desk, held_in(house, questions=1), HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<li")
    for part in ("total", "attention", "score-q1"):
        assert re.search(rf'id="{part}" hx-swap-oob="outerHTML"', answer.text)
    assert re.search(r"<strong>2</strong>", answer.text)


@pytest.mark.parametrize("headers", [None, HTMX])
def test_a_missing_reason_keeps_the_choice(
    house: House, desk: Client, headers: dict[str, str] | None
) -> None:
    answer = override(desk, held_in(house), headers, reason="  ")
    assert answer.status_code == 422
    assert "Write a reason" in answer.text
    assert re.search(r'value="0.5" required checked', answer.text)


@pytest.mark.parametrize("headers", [None, HTMX])
def test_of_two_reviewers_the_second_sees_what_the_first_decided(
    house: House, desk: Client, headers: dict[str, str] | None
) -> None:
    held = held_in(house)
    seen = point_form(desk, held)
    assert override(desk, held, credit="0", reason="first reason").status_code == 303
    answer = override(desk, held, headers, **seen, credit="1", reason="second reason")
    assert answer.status_code == 409
    assert "someone else decided" in answer.text
    assert "first reason" in answer.text
    assert "second reason</textarea>" in answer.text
    # Knowing it, the second may insist.
    assert override(desk, held, credit="1", reason="second reason").status_code == 303


def test_a_dispute_is_resolved_with_an_answer_to_the_candidate(house: House, desk: Client) -> None:
    held = held_in(house)
    opened = disputed_in(house, held, "p3", "I did offer a refund.")
    assert "I did offer a refund." in desk.get(page(held)).text
    form = point_form(desk, held, "p3") | {"number": "1", "point_id": "p3", "decision": "1"}
    missing = desk.post(f"{page(held)}/disputes/{opened}", data=form | {"outcome": ""})
    assert missing.status_code == 422
    assert "Write an answer to the candidate" in missing.text
    answer = desk.post(f"{page(held)}/disputes/{opened}", data=form | {"outcome": "you did"})
    assert answer.status_code == 303
    text = desk.get(page(held)).text
    assert "Dispute upheld" in text
    assert "you did" in text


def test_an_answer_to_a_dispute_that_was_resolved_meanwhile_is_kept(house: House, desk: Client) -> None:
    held = held_in(house)
    opened = disputed_in(house, held, "p3", "I did offer a refund.")
    form = point_form(desk, held, "p3") | {"number": "1", "point_id": "p3", "decision": "rejected"}
    desk.post(f"{page(held)}/disputes/{opened}", data=form | {"outcome": "no"})
    late = desk.post(f"{page(held)}/disputes/{opened}", data=form | {"outcome": "my long answer"})
    assert late.status_code == 409
    assert "my long answer</textarea>" in late.text


def test_comments_appear_where_they_were_made(house: House, desk: Client) -> None:
    held = held_in(house)
    for place in ({}, {"number": "1"}, {"number": "1", "point_id": "p2"}):
        answer = desk.post(f"{page(held)}/comments", data={"text": f"note {place}", **place}, headers=HTMX)
        assert answer.status_code == 200
        assert unescape(answer.text).count("note {") == 1
    assert desk.post(f"{page(held)}/comments", data={"text": " "}).status_code == 422


def test_an_assessment_is_released_after_a_look_at_what_the_candidate_will_see(
    house: House, desk: Client
) -> None:
    held = held_in(house, sees="points")
    preview = desk.get(f"{page(held)}/release").text
    assert "the verdict on every point with the quoted words" in preview
    assert "All three things." not in preview
    desk.post(f"{page(held)}/release", data={"released": "true"})
    assert "Withdraw" in desk.get(f"{page(held)}/release").text
    desk.post(f"{page(held)}/release", data={"released": "false"})
    assert "Release to the candidate" in desk.get(f"{page(held)}/release").text


def test_signals_are_told_as_facts(house: House, desk: Client) -> None:
    signals = {"pasted_chars": 60, "typed_chars": 20, "seconds": 75, "keystrokes": 9}
    text = desk.get(page(held_in(house, signals=signals))).text
    assert "60 of 80 characters pasted (75%)" in text
    assert "Sent after 1 min 15 s, 9 keystrokes" in text
    assert "These are facts, not findings" in text


def test_a_blind_page_tells_neither_name_nor_score(house: House, desk: Client) -> None:
    text = desk.get(page(held_in(house, blind=True, name="Robin Sample"))).text
    assert "Blind review" in text
    assert "Robin" not in text
    assert "<mark" not in text
    assert "Total" not in text


def test_a_blind_review_ends_with_a_comparison(house: House, desk: Client) -> None:
    held = held_in(house, blind=True, questions=1)
    for point in ("p1", "p2", "p3"):
        answer = desk.post(f"{page(held)}/blind/questions/1/points/{point}", data={"credit": "0.5"})
        assert answer.headers["location"] == f"{page(held)}#point-q1-{point}"
    desk.post(f"{page(held)}/blind/finish")
    text = desk.get(page(held)).text
    assert "3 points judged, 2 of them unlike" in text
    assert "Change to mine" in text


def test_a_blind_review_of_ones_own_accord_is_asked_for_without_a_look(house: House, desk: Client) -> None:
    held = held_in(house, name="Robin Sample")
    asked = desk.get(f"{page(held)}/blind").text
    assert "Begin the blind review" in asked
    assert "Robin" not in asked
    desk.post(f"{page(held)}/blind")
    assert "Robin" not in desk.get(page(held)).text


@pytest.mark.parametrize("path", ["/questions/1/history", "/release"])
def test_who_reviews_blind_is_kept_from_what_tells_scores(house: House, desk: Client, path: str) -> None:
    answer = desk.get(page(held_in(house, blind=True)) + path)
    assert answer.status_code == 409
    assert "the scores are hidden until it is" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/questions/9/points/p1/verdict",
        "/questions/1/points/p9/verdict",
        "/questions/0/points/p1/verdict",
        "/questions/99999999999999999999/points/p1/verdict",
        f"/disputes/{UNKNOWN}",
    ],
)
def test_foreign_places_are_not_found(house: House, desk: Client, path: str) -> None:
    form = {"credit": "1", "reason": "why", "seen": "0", "mark": ""}
    dispute = {"number": "1", "point_id": "p1", "decision": "rejected", "outcome": "why"}
    answer = desk.post(page(held_in(house)) + path, data=form | dispute)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "path", ["", "/questions/1/history", "/release", "/blind", "/questions/1/history?point=p1"]
)
def test_an_unknown_interview_is_not_found(desk: Client, path: str) -> None:
    assert desk.get(page(UNKNOWN) + path).status_code == 404


def test_another_sites_form_changes_nothing(house: House, desk: Client) -> None:
    held = held_in(house)
    foreign = {"sec-fetch-site": "cross-site"}
    assert desk.post(f"{page(held)}/reviewed", headers=foreign).status_code == 403
    assert desk.put(f"{api(held)}/release", headers=foreign).status_code == 403


def test_the_api_does_what_the_page_does(house: House, desk: Client) -> None:
    held = held_in(house, questions=1)
    review = desk.get(api(held)).json()
    point = review["questions"][0]["points"][0]
    sent = {"credit": 0.5, "reason": "only half", "seen": point["seen"], "mark": point["mark"]}
    at_point = f"{api(held)}/questions/1/points/p1/verdict"
    assert desk.post(at_point, json=sent).json()["score"] == 2
    stale = desk.post(at_point, json=sent)
    assert stale.status_code == 409
    assert stale.json()["type"] == "urn:interviewer:changed-meanwhile"
    assert desk.post(at_point, json=sent | {"credit": 0.3}).status_code == 422
    assert desk.post(f"{api(held)}/comments", json={"text": "noted"}).json()["comments"][0]["text"] == "noted"
    assert desk.put(f"{api(held)}/reviewed", json={"reviewed": True}).json()["reviewed_at"]
    assert desk.put(f"{api(held)}/release").json()["released_at"]
    assert desk.delete(f"{api(held)}/release").json()["released_at"] is None
    kinds = [event["kind"] for event in desk.get(f"{api(held)}/questions/1/history").json()["events"]]
    assert kinds == ["card", "override"]


def test_the_api_reviews_blind(house: House, desk: Client) -> None:
    held = held_in(house, questions=1)
    assert desk.put(f"{api(held)}/blind").json()["hidden"]
    judged = desk.put(f"{api(held)}/blind/questions/1/points/p1", json={"credit": 0}).json()
    assert judged["blind"]["judged"] == 1
    assert judged["questions"][0]["points"][0]["credit"] is None
    shown = desk.post(f"{api(held)}/blind/finish").json()
    assert shown["questions"][0]["points"][0]["credit"] == 1
