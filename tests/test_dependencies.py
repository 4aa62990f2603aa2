from dataclasses import fields

import httpx
import pytest
from fastapi import Depends, FastAPI, Request

from app.dependencies import ForeignOriginError, public_address, require_same_origin, room, room_of
from app.rooms import Rooms
from app.settings import Settings
from tests.fakes.rooms import few_rooms


@pytest.fixture
def request_of_the_app(settings: Settings) -> Request:
    app = FastAPI()
    app.state.rooms = few_rooms({Settings: settings})
    scope = {"type": "http", "app": app, "headers": [(b"host", b"desk.test")], "path": "/", "scheme": "http"}
    return Request(scope | {"server": ("desk.test", 80), "query_string": b""})


def test_a_room_is_found_by_its_type(request_of_the_app: Request, settings: Settings) -> None:
    assert room_of(request_of_the_app, Settings) is settings


def test_a_room_that_was_not_opened_is_named(request_of_the_app: Request) -> None:
    with pytest.raises(LookupError, match="no room is a Depends"):
        room_of(request_of_the_app, type(Depends()))


async def test_routes_get_rooms_as_dependencies(settings: Settings) -> None:
    app = FastAPI()
    app.state.rooms = few_rooms({Settings: settings})

    @app.get("/")
    async def port(settings: Settings = Depends(room(Settings))) -> int:
        return settings.port

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/")).json() == settings.port


def test_every_room_of_the_service_has_a_type_of_its_own() -> None:
    kinds = [each.type for each in fields(Rooms)]
    assert len({*kinds}) == len(kinds)


@pytest.mark.parametrize(
    ("public_url", "address"),
    [(None, "http://desk.test/i/x"), ("https://jobs.example.org/talk/", "https://jobs.example.org/talk/i/x")],
)
def test_others_find_an_address_where_the_settings_or_the_request_say(
    request_of_the_app: Request, settings: Settings, public_url: str | None, address: str
) -> None:
    changed = settings.model_copy(update={"public_url": public_url})
    request_of_the_app.app.state.rooms = few_rooms({Settings: changed})
    assert public_address(request_of_the_app, "/i/x") == address


def request(**headers: str) -> Request:
    named = {"host": "here.test"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return Request({"type": "http", "headers": [(k.encode(), v.encode()) for k, v in named.items()]})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin", "origin": "https://public.test"},
        {"origin": "http://here.test"},
    ],
)
def test_its_own_pages_and_no_browsers_pass(headers: dict[str, str]) -> None:
    require_same_origin(request(**headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"origin": "http://here.test.evil.test"},
    ],
)
def test_other_sites_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ForeignOriginError):
        require_same_origin(request(**headers))
