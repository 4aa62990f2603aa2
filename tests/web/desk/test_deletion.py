import io
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing

import pytest
from httpx import Client

from tests.web.candidate.test_start_pages import begin
from tests.web.house import House

NAME = "Anna <b>Testova</b>"


@pytest.fixture
def owner(house: House) -> Iterator[Client]:
    with Client(base_url=house.url, headers={"accept-language": "en"}, timeout=60) as client:
        client.post("/recruiter/login", data={"name": "recruiter", "password": house.password})
        yield client


@pytest.fixture
def interview_id(house: House) -> str:
    """An interview of a candidate with a name."""
    with Client(base_url=house.url, timeout=60) as candidate:
        found = begin(candidate).rpartition("/")[2]
    change(house, "UPDATE interviews SET candidate_name = ? WHERE id = ?", NAME, found)
    return found


def change(house: House, statement: str, *values: str) -> None:
    with closing(sqlite3.connect(house.settings.data_dir / "interviewer.db", timeout=60)) as connection:
        connection.execute(statement, values)
        connection.commit()


def test_a_person_is_found_shown_exported_and_deleted(owner: Client, interview_id: str) -> None:
    found = owner.get("/recruiter/candidates", params={"q": "testova"}).text
    assert "Anna &lt;b&gt;Testova&lt;/b&gt;" in found
    assert f"/recruiter/candidates/{interview_id}" in found
    page = f"/recruiter/candidates/{interview_id}"
    assert f'value="{interview_id}"' in owner.get(page).text
    exported = owner.get(f"{page}/export", params={"ids": interview_id})
    with zipfile.ZipFile(io.BytesIO(exported.content)) as archive:
        assert interview_id.encode() in archive.read("data.json")
    assert "Delete 1 entry for good" in owner.get(f"{page}/delete", params={"ids": interview_id}).text
    assert owner.get(f"/recruiter/interviews/{interview_id}").status_code == 200
    answer = owner.post(f"{page}/delete", data={"ids": [interview_id]})
    assert answer.headers["location"] == "/recruiter/candidates?deleted=1"
    assert owner.get(f"/recruiter/interviews/{interview_id}").status_code == 404
    assert owner.get(page).status_code == 404
    assert "Nobody found" in owner.get("/recruiter/candidates", params={"q": "testova"}).text


def test_only_owners_delete(owner: Client, house: House, interview_id: str) -> None:
    page, api = f"/recruiter/candidates/{interview_id}", f"/api/v1/people/{interview_id}"
    change(house, "UPDATE accounts SET role = 'recruiter' WHERE name = ?", "recruiter")
    try:
        assert "Only an owner can delete" in owner.get(page).text
        assert owner.get(f"{page}/delete", params={"ids": interview_id}).status_code == 403
        assert owner.post(f"{page}/delete", data={"ids": [interview_id]}).status_code == 403
        assert owner.delete(api, params={"ids": interview_id}).status_code == 403
        assert owner.get(f"{api}/export", params={"ids": interview_id}).status_code == 200
    finally:
        change(house, "UPDATE accounts SET role = 'owner' WHERE name = ?", "recruiter")
    assert owner.get(page).status_code == 200


def test_the_api_does_what_the_pages_do(owner: Client, interview_id: str) -> None:
    (found,) = owner.get("/api/v1/people", params={"q": interview_id[:12]}).json()
    assert (found["id"], found["name"]) == (interview_id, NAME)
    assert owner.get(f"/api/v1/people/{interview_id}").json()["entries"][0]["basis"] == "itself"
    deleted = owner.delete(f"/api/v1/people/{interview_id}", params={"ids": interview_id})
    assert deleted.json() == {"interviews": 1, "invites": 0}
    assert owner.get(f"/api/v1/people/{interview_id}").status_code == 404


def test_nobody_finds_anyone_without_logging_in(house: House, interview_id: str) -> None:
    with Client(base_url=house.url, timeout=60) as anyone:
        assert anyone.get("/recruiter/candidates").headers["location"].startswith("/recruiter/login")
        for path in ("", f"/{interview_id}", f"/{interview_id}/export?ids={interview_id}"):
            assert anyone.get(f"/api/v1/people{path}").status_code == 401
        assert anyone.delete(f"/api/v1/people/{interview_id}?ids={interview_id}").status_code == 401


def test_another_sites_form_deletes_nothing(owner: Client, interview_id: str) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    page = f"/recruiter/candidates/{interview_id}"
    assert owner.post(f"{page}/delete", data={"ids": [interview_id]}, headers=elsewhere).status_code == 403
    assert owner.get(page).status_code == 200


def test_a_name_is_corrected_at_the_desk(owner: Client, interview_id: str) -> None:
    page = f"/recruiter/candidates/{interview_id}"
    assert 'value="Anna &lt;b&gt;Testova&lt;/b&gt;"' in owner.get(page).text
    wrong = owner.post(f"{page}/correct", data={"name": " "})
    assert wrong.status_code == 422
    assert "Give a name of at most 120 characters" in wrong.text
    answer = owner.post(f"{page}/correct", data={"name": "Anna Testowa"})
    assert answer.headers["location"] == f"{page}?corrected=true"
    assert "Corrected, wherever" in owner.get(answer.headers["location"]).text
    assert "Anna Testowa" in owner.get(f"/recruiter/interviews/{interview_id}").text
    assert interview_id in owner.get("/recruiter", params={"q": "Testowa"}).text
    assert interview_id not in owner.get("/recruiter", params={"q": "Testova"}).text
    view = owner.patch(f"/api/v1/people/{interview_id}", json={"name": "安娜"}).json()
    assert view["name"] == "安娜"
