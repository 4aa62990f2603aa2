import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Client

from tests.web.candidate.test_start_pages import begin
from tests.web.house import House

ANSWER = "I would apologise, and ask for the order number."


def client_of(house: House) -> Client:
    return Client(base_url=house.url, headers={"accept-language": "en"}, timeout=60)


@pytest.fixture
def visitor(house: House) -> Iterator[Client]:
    with client_of(house) as client:
        yield client


@pytest.fixture
def stranger(house: House) -> Iterator[Client]:
    with client_of(house) as client:
        yield client


def hold(visitor: Client) -> str:
    """The path of an interview that was answered and ended."""
    path = begin(visitor)
    said = {"text": ANSWER, "client_turn_id": "one"}
    visitor.post(f"/api/v1{path}/replies", json=said).raise_for_status()
    visitor.post(f"/api/v1{path}/end").raise_for_status()
    return path


def archive(content: bytes) -> tuple[dict[str, Any], str]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert set(opened.namelist()) == {"data.json", "read-me.md"}
        return json.loads(opened.read("data.json")), opened.read("read-me.md").decode()


def test_the_page_lists_what_this_browser_may_open(visitor: Client, stranger: Client) -> None:
    ended, running = hold(visitor), begin(visitor)
    page = visitor.get("/me")
    assert page.headers["cache-control"] == "no-store"
    assert f'href="{ended}/report"' in page.text
    assert f'href="{running}"' in page.text
    assert "This browser holds no interview" in stranger.get("/me").text


def test_the_download_is_readable_and_for_machines(visitor: Client) -> None:
    path = hold(visitor)
    answer = visitor.get("/me/download")
    assert answer.headers["content-type"] == "application/zip"
    data, text = archive(answer.content)
    assert data["format"] == "interviewer-person/1"
    assert ANSWER in text
    assert "judged by" in text
    assert (
        json.loads(visitor.get("/api/v1/me/export").text)["interviews"] == data["interviews"]
        or (data["interviews"])
    )
    alone, _ = archive(visitor.get(f"{path}/download").content)
    assert len(alone["interviews"]) == 1


def test_the_download_speaks_the_visitors_language(visitor: Client) -> None:
    hold(visitor)
    _, text = archive(visitor.get("/me/download", headers={"accept-language": "zh-CN"}).content)
    assert text.startswith("# 与您有关的全部数据")


def test_what_was_typed_is_no_markup_in_the_download(visitor: Client) -> None:
    path = begin(visitor)
    visitor.post(
        f"/api/v1{path}/replies", json={"text": "# A *title*\n1. <b>bold</b>", "client_turn_id": "one"}
    )
    _, text = archive(visitor.get(f"{path}/download").content)
    assert "> \\# A \\*title\\*\n> 1\\. \\<b\\>bold\\</b\\>" in text


def test_nothing_is_deleted_before_the_second_step(visitor: Client) -> None:
    path = hold(visitor)
    page = visitor.get(f"{path}/delete").text
    assert "What will be deleted" in page
    assert visitor.get(f"{path}/report").status_code == 200
    answer = visitor.post(f"{path}/delete")
    assert answer.headers["location"] == "/me?done=deleted"
    assert visitor.get(f"{path}/report").status_code == 404
    assert "It is deleted" in visitor.get("/me?done=deleted").text


def test_everything_goes_and_the_browser_forgets_it(visitor: Client) -> None:
    paths = [hold(visitor), begin(visitor)]
    assert "Delete 2 interviews for good" in visitor.get("/me/delete").text
    answer = visitor.post("/me/delete")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert [visitor.get(path).status_code for path in paths] == [404, 404]
    assert not any(cookie.name.startswith(("person", "interview_")) for cookie in visitor.cookies.jar)


def test_a_forgotten_device_opens_nothing_and_deletes_nothing(visitor: Client, stranger: Client) -> None:
    path = hold(visitor)
    stranger.cookies = visitor.cookies.__class__(visitor.cookies)
    visitor.post("/me/forget")
    assert visitor.get(f"{path}/report").status_code == 401
    assert stranger.get(f"{path}/report").status_code == 200


@pytest.mark.parametrize(("then", "left"), [("keep", 200), ("delete", 404)])
def test_consent_can_be_withdrawn_in_the_middle(visitor: Client, then: str, left: int) -> None:
    path = begin(visitor, practice="")
    assert "Withdraw consent?" in visitor.get(f"{path}/withdraw").text
    visitor.post(f"{path}/withdraw", data={"then": then})
    answer = visitor.get(f"/api/v1{path}")
    assert answer.status_code == left
    assert left == 404 or answer.json()["status"] == "ended"


def test_what_has_ended_can_only_be_deleted(visitor: Client) -> None:
    path = hold(visitor)
    assert visitor.get(f"{path}/withdraw").headers["location"] == f"{path}/delete"


@pytest.mark.parametrize(
    ("method", "step"),
    [("GET", "download"), ("GET", "delete"), ("POST", "delete"), ("GET", "withdraw"), ("POST", "withdraw")],
)
def test_no_one_else_may_do_any_of_it(visitor: Client, stranger: Client, method: str, step: str) -> None:
    path = begin(visitor)
    assert stranger.request(method, f"{path}/{step}").status_code == 401
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("step", ["/me/delete", "/me/forget", "{path}/delete", "{path}/withdraw"])
def test_another_sites_form_changes_nothing(visitor: Client, step: str) -> None:
    path = begin(visitor)
    answer = visitor.post(step.format(path=path), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert visitor.get(path).status_code == 200


def test_the_api_deletes_and_exports_by_token(visitor: Client, stranger: Client) -> None:
    created = visitor.post("/api/v1/interviews", json={"bank": "tiny"}).json()
    url, token = f"/api/v1/interviews/{created['id']}", {"Authorization": f"Bearer {created['token']}"}
    assert stranger.get(f"{url}/data").status_code == 401
    assert stranger.delete(url).status_code == 401
    assert visitor.get(f"{url}/data", headers=token).json()["interviews"][0]["id"] == created["id"]
    assert visitor.delete(url, headers=token).status_code == 204
    assert visitor.get(url, headers=token).status_code == 404


def test_the_api_knows_the_browsers_own(visitor: Client, stranger: Client) -> None:
    path = begin(visitor)
    assert [each["id"] for each in visitor.get("/api/v1/me").json()] == [path.rpartition("/")[2]]
    assert stranger.get("/api/v1/me").json() == []
    assert stranger.get("/api/v1/me/export").json()["interviews"] == []
    assert stranger.delete("/api/v1/me").status_code == 204
    assert visitor.delete("/api/v1/me").status_code == 204
    assert visitor.get("/api/v1/me").json() == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "Nothing you write leaves it"),
        ({"llm_base_url": "https://llm.example.org/v1", "llm_model": "m"}, "model at llm.example.org,"),
        ({"llm_base_url": "https://llm.example.org/v1", "llm_model": "m"}, "without your name"),
        ({"retention_days": 1}, "1 day after their end"),
        ({"retention_days": 90}, "90 days after their end"),
        ({}, "kept until you or a recruiter deletes them"),
        ({"invite_days": 7}, "deleted 7 days after it expires"),
        ({"privacy_contact": "Data desk <privacy@example.org>"}, "Data desk &lt;privacy@example.org&gt;"),
    ],
)
def test_the_notice_says_what_the_settings_do(
    visitor: Client, house: House, settings: dict[str, object], said: str
) -> None:
    with house.set(**settings):
        page = visitor.get("/privacy").text
    assert said in page
    assert ("Nothing you write leaves it" in page) is ("llm_base_url" not in settings)
