from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel

from app.errors import ConflictError, NotAllowedError
from app.main import MAX_BODY_BYTES
from app.middleware import add_middleware
from app.problems import add_problem_handlers


class Body(BaseModel):
    count: int


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI(max_body_size=MAX_BODY_BYTES)
    add_middleware(app)
    add_problem_handlers(app)

    @app.get("/conflict")
    async def conflict() -> None:
        raise ConflictError("a reply is being answered", hint="Wait for it.")

    @app.get("/not-allowed")
    async def not_allowed() -> None:
        raise NotAllowedError("the token is wrong")

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a secret detail")

    @app.post("/body")
    async def body(body: Body) -> int:
        return body.count

    @app.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_an_error_of_ours_becomes_problem_details_with_a_hint(client: httpx.AsyncClient) -> None:
    response = await client.get("/conflict")
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "urn:interviewer:conflict",
        "title": "Not now",
        "status": 409,
        "detail": "a reply is being answered",
        "hint": "Wait for it.",
    }


async def test_a_missing_token_asks_for_a_bearer_token(client: httpx.AsyncClient) -> None:
    assert (await client.get("/not-allowed")).headers["www-authenticate"] == "Bearer"


async def test_an_unexpected_error_shows_no_detail_of_the_code(client: httpx.AsyncClient) -> None:
    response = await client.get("/broken")
    assert response.status_code == 500
    assert "secret" not in response.text


@pytest.mark.parametrize(
    "content", ['{"count": "many"}', "{}", "not json", '{"count": "\\ud800"}', '{"count": NaN}', "[]"]
)
async def test_a_body_of_the_wrong_shape_names_what_to_change(
    client: httpx.AsyncClient, content: str
) -> None:
    response = await client.post("/body", content=content, headers={"content-type": "application/json"})
    assert response.status_code == 422
    assert response.json()["detail"]


async def test_an_unknown_address_is_a_problem_too(client: httpx.AsyncClient) -> None:
    response = await client.get("/nowhere")
    assert response.json()["status"] == 404


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_over_the_limit_is_refused(client: httpx.AsyncClient, announced: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * (MAX_BODY_BYTES // 2)

    content = b"x" * (MAX_BODY_BYTES + 1) if announced else pieces()
    response = await client.post("/raw", content=content)
    assert response.status_code == 413


async def test_responses_carry_security_headers(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/conflict")).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
