import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.authoring.service import DraftService
from app.db.engine import Database
from app.documents.draft import Draft
from app.llm.prompts import PromptLibrary
from app.problems import add_problem_handlers
from app.recruiting.accounts.dependencies import SESSION_COOKIE
from app.recruiting.accounts.service import AccountService
from app.recruiting.banks.routes import MAX_FILE_BYTES, router
from app.search.index import QuestionIndex
from app.settings import Settings
from tests.authoring.desk import Desk
from tests.authoring.making import LATE, draft, flag, question, small_draft
from tests.fakes.passwords import quick_passwords
from tests.fakes.rooms import few_rooms
from tests.fakes.scripted import ScriptedLLM
from tests.interviews.house import LetterEmbedder

MEGABYTE = b"x" * 1_000_000


@pytest.fixture
async def desk(settings: Settings, database: Database) -> AsyncIterator[Desk]:
    """Everything behind the routes."""
    settings = settings.model_copy(update={"banks_dir": settings.data_dir / "banks"})
    index = QuestionIndex(settings, LetterEmbedder())
    desk = Desk(settings, database, index, ScriptedLLM(), PromptLibrary(settings.prompts_dir))
    await desk.catalogue.open()
    desk.catalogue.start()
    yield desk
    await desk.close()
    index.close()


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """The routes, the body limit as in the service."""
    app = FastAPI(max_body_size=2_000_000)
    add_problem_handlers(app)
    app.include_router(router)
    accounts = AccountService(desk.database, passwords=quick_passwords())
    app.state.rooms = few_rooms(
        {AccountService: accounts, DraftService: desk.drafts, QuestionIndex: desk.index}
    )
    return app


@pytest.fixture
async def outsider(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A caller who is not logged in."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/v1") as client:
        yield client


@pytest.fixture
async def client(database: Database, outsider: httpx.AsyncClient) -> httpx.AsyncClient:
    """A recruiter."""
    accounts = AccountService(database, passwords=quick_passwords())
    password = await accounts.ensure_first_account()
    assert password is not None
    outsider.cookies.set(SESSION_COOKIE, await accounts.log_in("recruiter", password, ""))
    return outsider


@pytest.fixture
def imported(desk: Desk) -> list[tuple[str, int]]:
    """The names and sizes of what was imported; each import makes the small draft."""
    seen: list[tuple[str, int]] = []

    def import_document(name: str, content: bytes) -> Draft:
        seen.append((name, len(content)))
        return small_draft()

    desk.importer = import_document
    return seen


async def upload(client: httpx.AsyncClient, content: bytes = b"text", **headers: str) -> httpx.Response:
    files = {"file": ("客服.txt", content, "text/plain")}
    return await client.post("/banks/import", files=files, headers=headers)


async def test_a_document_goes_from_import_to_a_version_that_is_found(
    client: httpx.AsyncClient, desk: Desk, imported: list[tuple[str, int]]
) -> None:
    made = await upload(client)
    assert made.status_code == 201
    kept = made.json()
    assert (kept["name"], kept["created_by"], kept["revision"]) == ("客服.txt", "recruiter", 1)
    address = f"/drafts/{kept['id']}"
    assert (await client.get(address)).json() == kept
    (listed,) = (await client.get("/drafts")).json()
    assert listed["id"] == kept["id"]
    assert "draft" not in listed

    details = {"revision": 1, "title": "客服题库", "bank_id": "desk"}
    assert (await client.patch(address, json=details)).json()["bank_id"] == "desk"
    edit = {"revision": 2, "difficulty": "hard", "points": [{"text": "先道歉", "weight": 2}]}
    edited = (await client.patch(f"{address}/questions/q1", json=edit)).json()
    first = edited["draft"]["sections"][0]["questions"][0]
    assert (first["text"], first["difficulty"], len(first["points"])) == (LATE, "hard", 1)
    added = {"revision": 3, "section": "s2", "text": "新的问题？", "points": [{"text": "一点"}]}
    assert (await client.post(f"{address}/questions", json=added)).status_code == 201
    assert (await client.delete(f"{address}/questions/q2", params={"revision": 4})).status_code == 200
    assert (await client.patch(f"{address}/sections/s1", json={"revision": 5, "title": "情境"})).is_success
    assert (
        await client.post(f"{address}/sections", json={"revision": 6, "title": "空的"})
    ).status_code == 201

    diff = (await client.get(f"{address}/difference")).json()
    assert (diff["before"], len(diff["added"])) == (None, 3)
    published = await client.post(f"{address}/publish", json={"revision": 7, "onto": ""})
    assert published.status_code == 201
    assert published.json() | {"left_out": []} == {
        "bank_id": "desk",
        "version": "1.0.0",
        "number": 1,
        "questions": 3,
        "left_out": [],
    }
    await desk.serves(1)
    hits = (await client.get("/banks/search", params={"q": LATE, "k": 1, "bank": "desk"})).json()
    assert [hit["text"] for hit in hits] == [LATE]
    assert (await client.get("/banks/search", params={"q": LATE, "kind": "behavioural"})).json() == []
    (version,) = (await client.get("/banks/desk/versions")).json()
    assert (version["version"], version["published_by"], version["current"]) == ("1.0.0", "recruiter", True)
    same = {"before": "1.0.0", "after": "1.0.0"}
    assert (await client.get("/banks/desk/difference", params=same)).json()["unchanged"] == 3
    again = await client.post("/banks/desk/versions/1.0.0/restore")
    assert (again.status_code, again.json()["type"]) == (422, "urn:interviewer:bad-input")


async def test_flags_repairs_and_proposals_have_addresses(client: httpx.AsyncClient, desk: Desk) -> None:
    made = draft({"s": [question("q", LATE, flags=[flag("cut-off")])]}, flags=[flag("count-disagrees")])
    address = f"/drafts/{(await desk.keep(made)).id}"
    settled = await client.post(f"{address}/flags", json={"revision": 1, "key": "q", "index": 0})
    assert settled.json()["summary"]["publishable"] == 1
    assert (await client.post(f"{address}/flags", json={"revision": 2, "index": 0})).is_success
    missing = await client.post(f"{address}/repairs/0", json={"revision": 3, "text": "。"})
    assert missing.status_code == 404
    assert (await client.delete(f"{address}/proposals")).json()["job"] is None
    assert (await client.delete(address)).status_code == 204
    assert (await client.get(address)).json()["status"] == "discarded"


async def test_a_stale_revision_is_a_conflict_that_says_so(client: httpx.AsyncClient, desk: Desk) -> None:
    address = f"/drafts/{(await desk.keep(small_draft())).id}"
    assert (await client.patch(address, json={"revision": 1, "title": "A"})).is_success
    refused = await client.patch(address, json={"revision": 1, "title": "B"})
    assert refused.status_code == 409
    assert "someone else changed" in refused.json()["detail"]
    assert (await client.get(address)).json()["title"] == "A"


async def test_only_recruiters_see_and_change_drafts(outsider: httpx.AsyncClient, app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    assert len(paths) > 12
    for path, methods in paths.items():
        for method in methods:
            answer = await outsider.request(
                method, path.removeprefix("/api/v1").replace("{number}", "0"), json={}
            )
            assert answer.status_code == 401, f"{method} {path}"


async def test_other_sites_cannot_write_in_a_recruiters_name(
    client: httpx.AsyncClient, app: FastAPI, desk: Desk
) -> None:
    address = f"/drafts/{(await desk.keep(small_draft())).id}"
    for path, methods in app.openapi()["paths"].items():
        for method in set(methods) - {"get"}:
            own = path.removeprefix("/api/v1").replace("/drafts/{draft_id}", address).replace("{number}", "0")
            answer = await client.request(
                method, own, json={"revision": 1}, headers={"Sec-Fetch-Site": "cross-site"}
            )
            assert answer.status_code == 403, f"{method} {path}"
    assert (await client.get(address)).json()["revision"] == 1


async def test_every_route_is_described(app: FastAPI) -> None:
    for path, methods in app.openapi()["paths"].items():
        for method, described in methods.items():
            assert described["summary"], f"{method} {path}"
            assert described["description"]
            assert described["security"] == [{"APIKeyCookie": []}]
            assert "401" in described["responses"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": {"file": "text"}}, 422),
        ({"files": {"other": ("a.txt", b"a")}}, 422),
        ({"files": [("file", ("a.txt", b"a")), ("file", ("b.txt", b"b"))]}, 400),
        ({"content": b"not a form", "headers": {"content-type": "multipart/form-data"}}, 400),
        ({"json": {}}, 422),
    ],
)
async def test_what_is_no_upload_is_refused(
    client: httpx.AsyncClient, sent: dict[str, Any], status: int
) -> None:
    refused = await client.post("/banks/import", **sent)
    assert refused.status_code == status
    assert refused.headers["content-type"] == "application/problem+json"


async def test_a_file_above_the_usual_limit_is_taken(
    client: httpx.AsyncClient, imported: list[tuple[str, int]]
) -> None:
    assert (await upload(client, b"x" * MAX_FILE_BYTES)).status_code == 201
    assert imported == [("客服.txt", MAX_FILE_BYTES)]


@pytest.mark.parametrize("announced", [True, False])
async def test_a_file_that_is_far_too_large_is_refused_before_it_is_read(
    app: FastAPI, client: httpx.AsyncClient, imported: list[tuple[str, int]], announced: bool
) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    chunks = [head, *[MEGABYTE] * 200, b"\r\n--b--\r\n"]
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": chunks[read - 1], "more_body": read < len(chunks)}

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [
        (b"host", b"test"),
        (b"content-type", b"multipart/form-data; boundary=b"),
        (b"cookie", f"{SESSION_COOKIE}={client.cookies[SESSION_COOKIE]}".encode()),
    ]
    if announced:
        headers.append((b"content-length", str(sum(map(len, chunks))).encode()))
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/banks/import",
        "raw_path": b"/api/v1/banks/import",
        "query_string": b"",
        "headers": headers,
        "scheme": "http",
        "server": ("test", 80),
        "client": ("test", 1),
        "http_version": "1.1",
    }
    await app(scope, receive, send)
    assert sent[0]["status"] == 413
    assert read <= (0 if announced else 23)
    assert imported == []


async def test_a_large_body_elsewhere_is_still_refused(client: httpx.AsyncClient, desk: Desk) -> None:
    address = f"/drafts/{(await desk.keep(small_draft())).id}"
    body = json.dumps({"revision": 1, "title": "x" * 3_000_000})
    refused = await client.patch(address, content=body, headers={"content-type": "application/json"})
    assert refused.status_code == 413
