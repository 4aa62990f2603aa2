from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import Depends, FastAPI

from app.db.engine import Database
from app.problems import add_problem_handlers
from app.recruiting.accounts.dependencies import SESSION_COOKIE, may_score
from app.recruiting.accounts.service import FIRST_NAME, AccountService
from app.settings import Settings
from tests.fakes.passwords import quick_passwords
from tests.fakes.rooms import few_rooms


@pytest.fixture
async def app() -> FastAPI:
    app = FastAPI()
    add_problem_handlers(app)
    app.add_api_route("/score", lambda: "scored", dependencies=[Depends(may_score)])
    return app


@pytest.fixture
async def accounts(database: Database) -> AccountService:
    return AccountService(database, passwords=quick_passwords())


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.mark.parametrize(
    ("host", "setting", "is_open"),
    [
        ("127.0.0.1", None, True),
        ("127.1.2.3", None, True),
        ("localhost", None, True),
        ("::1", None, True),
        ("0.0.0.0", None, False),
        ("::", None, False),
        ("192.0.2.7", None, False),
        ("192.0.2.7", True, True),
        ("127.0.0.1", False, False),
    ],
)
async def test_scoring_is_open_where_only_this_machine_can_ask_or_the_settings_say_so(
    app: FastAPI,
    client: httpx.AsyncClient,
    accounts: AccountService,
    settings: Settings,
    host: str,
    setting: bool | None,
    is_open: bool,
) -> None:
    settings = settings.model_copy(update={"host": host, "open_scoring": setting})
    app.state.rooms = few_rooms({AccountService: accounts, Settings: settings})
    assert (await client.get("/score")).status_code == (200 if is_open else 401)


async def test_a_recruiter_may_score_everywhere(
    app: FastAPI, client: httpx.AsyncClient, accounts: AccountService, settings: Settings
) -> None:
    settings = settings.model_copy(update={"open_scoring": False})
    app.state.rooms = few_rooms({AccountService: accounts, Settings: settings})
    password = await accounts.ensure_first_account() or ""
    client.cookies.set(SESSION_COOKIE, await accounts.log_in(FIRST_NAME, password, ""))
    assert (await client.get("/score")).status_code == 200
