"""Every route of the service × everyone who may ask; `access/matrix.yaml` says what each gets."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from app.main import create_app
from app.settings import Settings
from tests.access.world import ACTORS, DESKS, MINE, PARAMETER, THEIRS, World
from tests.fakes.databases import lay
from tests.web.house import open_house

TABLE = yaml.safe_load((Path(__file__).parent / "access" / "matrix.yaml").read_text("utf-8"))
REFUSALS = {401, 403, 404, 410}
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
EVIL = {"origin": "http://evil.test"}

Route = tuple[str, str]


def routes_of_the_app() -> list[Route]:
    """Method and path of everything that answers; a folder of files as `FILES` and its path."""
    app = create_app(Settings(_env_file=None))  # type: ignore[call-arg]
    found: list[Route] = []
    for route in iter_route_contexts(app.routes):
        assert route.path is not None
        if isinstance(route.original_route, Mount):
            assert not route.original_route.routes, f"list the routes below {route.path} too"
            found.append(("FILES", route.path))
        found += [(method, route.path) for method in sorted((route.methods or set()) - {"HEAD"})]
    return found


@lru_cache
def listed() -> dict[Route, dict[str, Any]]:
    """The table: each route with its group's outcomes and what it is sent."""
    table: dict[Route, dict[str, Any]] = {}
    for group, routes in TABLE["routes"].items():
        for entry in routes:
            line, more = entry if isinstance(entry, list) else (entry, {})
            method, path = line.split(" ", 1)
            assert (method, path) not in table, f"{line} is listed twice"
            table[method, path] = {
                "expected": dict(zip(ACTORS, TABLE["groups"][group].split(), strict=True)),
                "group": group,
                **more,
            }
    return table


ROUTES = routes_of_the_app()
KNOWN = [route for route in ROUTES if route in listed()]
WITH_IDS = [route for route in KNOWN if PARAMETER.search(route[1])]
CHANGING = [route for route in KNOWN if route[0] in WRITES]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, migrated_files: Path) -> Iterator[World]:
    settings = Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("access"))  # type: ignore[call-arg]
    lay(migrated_files, settings.data_dir)
    with open_house(settings) as house:
        opened = World(house)
        yield opened
        opened.close()


def named(route: Route) -> str:
    return " ".join(route)


def outcome(answer: httpx.Response) -> str:
    """What the asker got: `ok` once past every guard, `login` when sent to log in, else the status."""
    if answer.headers.get("location", "").startswith("/recruiter/login?"):
        return "login"
    if answer.status_code in REFUSALS or answer.status_code >= 500:
        return str(answer.status_code)
    return "ok"


def ask(
    world: World, actor: str, route: Route, ids: dict[str, str], headers: dict[str, str] | None = None
) -> tuple[httpx.Response, str]:
    """The answer and what it says; of an endless stream only that it begins."""
    method, path = route
    entry = listed()[route]

    def filled(text: Any) -> Any:
        return PARAMETER.sub(lambda match: ids[match.group(1)], text) if isinstance(text, str) else text

    address = filled(path + entry.get("query", ""))
    if method == "FILES":
        method, address = "GET", f"{path}/{entry['file']}"
    sends = {}
    if method in WRITES:
        body = {name: filled(value) for name, value in entry.get("send", {}).items()}
        sends = {"json" if path.startswith("/api/") else "data": body}
    headers = {"accept": "*/*" if path.startswith("/api/") else "text/html", **(headers or {})}
    client = world.clients[actor]
    cookies = httpx.Cookies(client.cookies)
    try:
        with client.stream(method, address, headers=headers, **sends) as answer:
            if answer.headers.get("content-type", "").startswith("text/event-stream"):
                return answer, ""
            return answer, answer.read().decode("utf-8", "replace").casefold()
    finally:
        # What one answer sets, such as the cookie of a link that was opened, opens nothing in the next cell.
        client.cookies = cookies


def test_every_route_is_listed_and_nothing_else() -> None:
    assert sorted({*ROUTES} - {*listed()}) == [], "add each to its group in tests/access/matrix.yaml"
    assert sorted({*listed()} - {*ROUTES}) == [], "these are gone"


@pytest.mark.parametrize("route", KNOWN, ids=named)
def test_everyone_gets_what_the_table_says_and_nothing_of_others(world: World, route: Route) -> None:
    method, path = route
    entry = listed()[route]
    expected = entry["expected"]
    got: dict[str, str] = {}
    leaks: list[str] = []
    # Who is refused asks first, of things that are still there.
    for actor in sorted(ACTORS, key=lambda each: expected[each] == "ok"):
        answer, text = ask(world, actor, route, world.ids(path, actor))
        got[actor] = outcome(answer)
        hidden = hidden_from(actor, entry["group"], refused=got[actor] != "ok")
        leaks += [f"{actor} reads {word}" for word in hidden if word in text]
        if method in WRITES and got[actor] == "ok":
            world.forget(path, method)
            for each in ("recruiter", "owner"):
                world.log_in(each)
    assert got == expected
    assert leaks == []


def hidden_from(actor: str, group: str, *, refused: bool) -> set[str]:
    """The words of others, which this one may not read."""
    if refused:
        return {MINE, THEIRS, DESKS}
    if actor in ("recruiter", "owner"):
        return set()
    allowed = {"candidate": {MINE}, "other candidate": {THEIRS}}.get(actor, set())
    # Whoever holds a link reads what it invites to.
    return {MINE, THEIRS, DESKS} - allowed - ({DESKS} if group == "holder of a link" else set())


@pytest.mark.parametrize("route", WITH_IDS, ids=named)
def test_an_id_of_something_else_is_not_found(world: World, route: Route) -> None:
    path = route[1]
    entry = listed()[route]
    actor = next(each for each in ("owner", "candidate", "anonymous") if entry["expected"][each] == "ok")
    unexpected: dict[str, int] = {}
    for name, kind, ids in world.foreign(path, actor):
        answer, text = ask(world, actor, route, ids)
        allowed = {entry.get("foreign", {}).get(name, "404")}
        if name == "number" and kind not in ("unknown", "below"):
            # No whole number, or none that could be: refused for its form.
            allowed.add("422")
        if kind == "elsewhere" and name == "interview_id":
            # As whoever may not open it is answered.
            allowed = {entry["expected"]["other candidate"]}
        if str(answer.status_code) not in allowed:
            unexpected[f"{name} {kind}"] = answer.status_code
        if actor != "owner":
            assert not [word for word in (MINE, THEIRS, DESKS) if word in text]
    assert unexpected == {}


@pytest.mark.parametrize("route", CHANGING, ids=named)
def test_nothing_is_changed_for_a_page_of_another_site(world: World, route: Route) -> None:
    expected = listed()[route]["expected"]
    for actor in [each for each in ACTORS if expected[each] == "ok"]:
        answer, text = ask(world, actor, route, world.ids(route[1], actor), EVIL)
        assert answer.status_code == 403, f"{actor}: {answer.status_code} {text[:200]}"
        assert "another site" in text or "来自别的网站" in text
