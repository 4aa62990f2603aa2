from collections.abc import Iterator

import pytest
from httpx import Client

from tests.web.desk.templating import CONTENT, TEMPLATES, hidden, make_template, recruiter
from tests.web.house import House

UNKNOWN = f"{TEMPLATES}/{'0' * 32}"


@pytest.fixture
def desk(house: House) -> Iterator[Client]:
    with recruiter(house) as client:
        yield client


def test_a_template_is_made_listed_and_shows_what_everyone_is_asked(desk: Client) -> None:
    address = make_template(desk, name="客服 🎧 <b>专员</b>")
    page = desk.get(address).text
    assert "Everyone is asked" in page
    assert page.count("Question text") == 2
    assert "客服 🎧 &lt;b&gt;专员&lt;/b&gt;" in desk.get(TEMPLATES).text
    assert "<b>专员" not in page


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": ""}, "name", "Fill this in"),
        ({"minutes": "half an hour"}, "minutes", "whole number"),
        ({"follow_ups": ""}, "follow_ups", "Fill this in"),
        ({"follow_ups": "9"}, "follow_ups", "At most 5"),
        ({"link_days": "0"}, "link_days", "At least 1"),
        ({"parts.tiny.only": "9"}, "parts.tiny.only", "Only 3 are there"),
        ({"parts.tiny": "1"}, "parts.tiny", "Give either"),
        ({"parts.tiny.only": ""}, "parts", "of at least one bank"),
        ({"parts.tiny.only": "two"}, "parts.tiny.only", "whole number"),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(
    desk: Client, changes: dict[str, str], field: str, said: str
) -> None:
    answer = desk.post(TEMPLATES, data=CONTENT | {"intro": "Kept as typed"} | changes)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert said in answer.text
    assert "Kept as typed" in answer.text
    for name, value in changes.items():
        assert value == "" or f'id="{name}"' in answer.text
        assert f'value="{value}"' in answer.text or value == ""


def test_two_recruiters_at_once_lose_nothing(house: House, desk: Client) -> None:
    address = make_template(desk)
    with recruiter(house) as other:
        assert other.post(address, data=CONTENT | {"revision": "1", "name": "Theirs"}).status_code == 303
    mine = CONTENT | {"revision": "1", "intro": "Mine"}
    answer = desk.post(address, data=mine)
    assert answer.status_code == 409
    assert "Someone else changed this template" in answer.text
    assert "Mine" in answer.text
    assert "<dt>Name</dt><dd>Theirs</dd>" in answer.text
    assert desk.get(address).text.count("Theirs") >= 2
    again = desk.post(address, data=mine | {"revision": hidden(answer, "revision")})
    assert again.status_code == 303
    assert "Mine" in desk.get(address).text


def test_a_stratified_template_shows_what_each_draw_has(desk: Client) -> None:
    page = desk.get(
        make_template(desk, drawing="stratified", **{"parts.tiny.only": "", "parts.tiny": "3"})
    ).text
    assert "Each draw has" in page
    assert "Medium × 3" in page


def test_other_questions_are_drawn_on_request(desk: Client) -> None:
    address = make_template(desk, **{"parts.tiny.only": "1"})
    pages = set()
    for revision in range(1, 9):
        answer = desk.post(
            address, data=CONTENT | {"parts.tiny.only": "1", "revision": str(revision), "questions": "anew"}
        )
        assert answer.headers["location"].endswith("saved=drawn")
        pages.add(desk.get(address).text.partition('<ol class="pinned">')[2].partition("</ol>")[0])
    assert len(pages) > 1


def test_a_copy_is_made_and_an_archived_template_leaves_the_list(desk: Client) -> None:
    address = make_template(desk, name="Night shift")
    copy = desk.post(f"{address}/duplicate").headers["location"].partition("?")[0]
    assert "Copy of Night shift" in desk.get(copy).text
    assert desk.post(f"{address}/archive").status_code == 303
    assert f'href="{address}"' not in desk.get(TEMPLATES).text
    assert f'href="{address}"' in desk.get(f"{TEMPLATES}?archived=true").text
    assert desk.post(address, data=CONTENT | {"revision": "1"}).status_code == 409
    desk.post(f"{address}/restore")
    assert f'href="{address}"' in desk.get(TEMPLATES).text


@pytest.mark.parametrize("path", [UNKNOWN, f"{UNKNOWN}/invites"])
def test_an_unknown_template_is_explained(desk: Client, path: str) -> None:
    assert desk.get(path).status_code == 404


@pytest.mark.parametrize("path", ["", "/duplicate", "/archive", "/restore"])
def test_changing_an_unknown_template_is_refused(desk: Client, path: str) -> None:
    assert desk.post(f"{UNKNOWN}{path}", data=CONTENT | {"revision": "1"}).status_code == 404


def test_templates_need_a_log_in_and_their_own_page(house: House, desk: Client) -> None:
    with Client(base_url=house.url, timeout=60) as visitor:
        assert visitor.get(TEMPLATES).status_code == 303
        assert visitor.get("/api/v1/templates").status_code == 401
    assert desk.post(TEMPLATES, data=CONTENT, headers={"origin": "http://evil.test"}).status_code == 403


def test_the_api_does_what_the_pages_do(desk: Client) -> None:
    content = {"name": "By API", "parts": [{"bank": "tiny", "count": 2}]}
    made = desk.post("/api/v1/templates", json=content)
    assert made.status_code == 201
    body = made.json()
    assert len(body["questions"]) == 2
    address = f"/api/v1/templates/{body['id']}"
    change = {"revision": 1, "content": content | {"name": "Renamed"}}
    assert desk.put(address, json=change).json()["revision"] == 2
    assert desk.put(address, json=change).status_code == 409
    wrong = desk.put(
        address, json={"revision": 2, "content": {"name": "x", "parts": [{"bank": "no", "count": 1}]}}
    )
    assert wrong.status_code == 422
    assert "parts.no" in wrong.json()["detail"]
    assert desk.post(f"{address}/archive", json={}).json() == {"revoked_links": 0}
    assert desk.post(f"{address}/restore").json()["archived_at"] is None
    assert desk.post(f"{address}/duplicate").json()["content"]["name"] == "Renamed (2)"
    assert body["id"] in {each["id"] for each in desk.get("/api/v1/templates").json()}


def test_the_form_says_what_an_unset_period_means(house: House, desk: Client) -> None:
    assert "this installation sets no period of its own" in desk.get(f"{TEMPLATES}/new").text
    with house.set(retention_days=45):
        page = desk.get(f"{TEMPLATES}/new").text
    assert "Left empty, this installation&#39;s own period holds: 45 days." in page
    assert 'placeholder="45, as installed"' in page
