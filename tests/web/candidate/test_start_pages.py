import re
import time
from collections.abc import Iterator

import pytest
from httpx import Client

from app.llm.base import LLMStatus
from tests.web.house import House

CHOICE = {"bank": "tiny", "questions": "1", "follow_ups": "0", "practice": "yes"}


@pytest.fixture
def visitor(house: House) -> Iterator[Client]:
    with Client(base_url=house.url, timeout=60, headers={"accept-language": "en"}) as client:
        yield client


def begin(visitor: Client, **choice: str) -> str:
    """The path of a new interview whose first question was asked."""
    path = visitor.post("/interviews", data=CHOICE | choice).headers["location"].partition("?")[0]
    while not visitor.get(f"/api/v1{path}").json()["transcript"]:
        time.sleep(0.02)
    return path


def test_pages_forbid_scripts_and_styles_of_their_own(visitor: Client) -> None:
    answer = visitor.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    inline = re.findall(r"<script(?![^>]*(?:src=|application/json))|<style|\sstyle=|\son\w+=", answer.text)
    assert inline == []


def test_a_page_that_did_not_change_is_not_sent_again(visitor: Client) -> None:
    first = visitor.get("/")
    assert visitor.get("/", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(("accepted", "lang"), [("zh-CN", "zh-CN"), ("zh-TW", "zh-Hant"), ("en-GB", "en")])
def test_the_browsers_language_decides(visitor: Client, accepted: str, lang: str) -> None:
    assert f'<html lang="{lang}"' in visitor.get("/", headers={"accept-language": accepted}).text


def test_a_chosen_language_and_theme_are_kept(visitor: Client) -> None:
    answer = visitor.get("/preferences", params={"language": "zh-CN", "next": "/?bank=tiny"})
    assert answer.headers["location"] == "/?bank=tiny"
    visitor.get("/preferences", params={"theme": "dark"})
    assert '<html lang="zh-CN" data-theme="dark"' in visitor.get("/").text


@pytest.mark.parametrize("address", ["//evil.test", "https://evil.test", "/\\evil.test", "evil", "/\nx"])
def test_preferences_never_lead_to_another_site(visitor: Client, address: str) -> None:
    assert visitor.get("/preferences", params={"next": address}).headers["location"] == "/"


def test_the_form_starts_an_interview_without_scripts(visitor: Client) -> None:
    answer = visitor.post("/interviews", data=CHOICE)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert visitor.get(answer.headers["location"]).status_code == 200


def test_sections_of_another_bank_are_ignored(visitor: Client) -> None:
    data = {**CHOICE, "sections": ["other/x", "tiny/only"]}
    assert visitor.post("/interviews", data=data).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"bank": "none"},
        {"questions": "99"},
        {"questions": "0"},
        {"follow_ups": "9"},
        {"job_description": "x" * 30_000},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_choice_that_cannot_be_met_is_explained_on_the_form(visitor: Client, wrong: dict[str, str]) -> None:
    answer = visitor.post("/interviews", data=CHOICE | wrong)
    assert answer.status_code in {404, 422}
    assert 'role="alert"' in answer.text


def test_a_form_of_another_site_is_refused(visitor: Client) -> None:
    answer = visitor.post("/interviews", data=CHOICE, headers={"origin": "http://evil.test"})
    assert answer.status_code == 403


@pytest.mark.parametrize("suffix", ["", "/report"])
def test_an_interview_opens_only_with_its_token(house: House, visitor: Client, suffix: str) -> None:
    path = begin(visitor) + suffix
    with Client(base_url=house.url, timeout=60, headers={"accept-language": "en"}) as stranger:
        answer = stranger.get(path)
    assert answer.status_code == 401
    assert "only in the browser that started it" in answer.text


@pytest.mark.parametrize("path", ["/interviews/0123", f"/interviews/{'0' * 32}", "/interviews/x/report"])
def test_an_unknown_interview_is_explained(visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "no such page" in answer.text


def test_the_report_is_closed_while_the_interview_runs(visitor: Client) -> None:
    assert "not over yet" in visitor.get(f"{begin(visitor)}/report").text


def test_the_report_of_an_assessment_is_the_recruiters(visitor: Client) -> None:
    path = begin(visitor, practice="")
    visitor.post(f"/api/v1{path}/end")
    page = visitor.get(f"{path}/report").text
    assert "Once the recruiter releases them" in page
    assert "apologise" not in page


def test_the_model_status_is_shown_as_it_is(house: House, visitor: Client) -> None:
    house.model.now = LLMStatus("fetching", "part 3 of 22", "m", 10, 100, 9.5)
    assert visitor.get("/api/v1/model").json() == {
        "state": "fetching",
        "detail": "part 3 of 22",
        "model": "m",
        "done_bytes": 10,
        "total_bytes": 100,
        "eta_seconds": 9.5,
    }


def test_an_answer_that_was_not_scored_is_scored_again_on_request(visitor: Client, house: House) -> None:
    house.scorer.down = True
    path = begin(visitor)
    reply = {"text": "I listen first, then I apologise.", "client_turn_id": "a"}
    visitor.post(f"/api/v1{path}/replies", json=reply)
    assert f'action="{path}/judge-again"' in visitor.get(f"{path}/report").text

    house.scorer.down = False
    answer = visitor.post(f"{path}/judge-again")

    assert answer.headers["location"] == f"{path}/report"
    report = visitor.get(f"{path}/report").text
    assert "judge-again" not in report
    assert "I listen first" in report


def test_the_preset_is_no_more_than_the_bank_has(visitor: Client) -> None:
    assert 'max="30" value="3"' in visitor.get("/").text
    assert 'max="30" value="2"' in visitor.get("/?questions=2").text
    assert 'max="30" value="3"' in visitor.get("/?questions=99").text


def test_too_many_questions_are_mended_with_everything_else_kept(visitor: Client) -> None:
    wrong = CHOICE | {"questions": "9", "job_description": "Support by chat", "follow_ups": "2"}
    answer = visitor.post("/interviews", data=wrong)
    assert answer.status_code == 422
    assert "There are only 3 questions in what you chose" in answer.text
    assert 'value="3" required' in answer.text
    assert "Support by chat" in answer.text
    assert 'name="follow_ups" value="2" checked' in answer.text
