"""A running house with what a Chinese customer's would hold: banks, templates, candidates, reviews."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from httpx import Client

from app.banks.library import BankLibrary
from app.banks.schema import Bank
from app.interviews.dependencies import PERSON_COOKIE, interview_cookie
from app.recruiting.accounts.dependencies import SESSION_COOKIE
from app.settings import PROJECT_DIR, Settings
from tests.interviews.stored_reports import TOKEN
from tests.web.house import House, open_house
from tests.web.screens.desk_work import DeskWork, work_at_the_desk
from tests.web.screens.interviewed import PERSON, Interviewed, seed
from tests.web.screens.polite import PoliteInterviewer

SPECIALIST = "customer-service-specialist"
ONLINE = "online-customer-service"


@dataclass
class Furnished:
    """A house, the recruiter's session, and where to find what was put in; a bare house holds nothing."""

    house: House
    session: str
    desk: DeskWork = field(default_factory=DeskWork)
    interviewed: Interviewed = field(default_factory=Interviewed)

    def cookies(self) -> list[dict[str, str]]:
        """Those of a browser that may open everything."""
        held = {SESSION_COOKIE: self.session, PERSON_COOKIE: PERSON}
        held |= {interview_cookie(each): TOKEN for each in self.interviewed.ids.values()}
        return [{"name": name, "value": value, "url": self.house.url} for name, value in held.items()]

    def transcript(self, name: str) -> str:
        """The path of an interview at the desk."""
        return f"/recruiter/interviews/{self.interviewed.ids[name]}"

    def report(self, name: str) -> str:
        """The path of an interview's report."""
        return f"/interviews/{self.interviewed.ids[name]}/report"


@contextmanager
def furnished_house(folder: Path) -> Iterator[Furnished]:
    """A house in which much has happened; `folder` is to hold its data."""
    with _house(folder, list(BankLibrary.from_folder(PROJECT_DIR / "knowledge").banks.values())) as found:
        banks = found.house.rooms.banks
        with _recruiter(found) as client:
            found.desk = work_at_the_desk(client, found.house)
            found.interviewed = seed(found.house, banks.banks[ONLINE], found.desk.template)
            found.desk.review(client, found.interviewed.ids)
        yield found


@contextmanager
def bare_house(folder: Path) -> Iterator[Furnished]:
    """A house on its first day, without any bank."""
    with _house(folder, []) as found:
        yield found


@contextmanager
def _house(folder: Path, banks: list[Bank]) -> Iterator[Furnished]:
    settings = Settings(
        _env_file=None, data_dir=folder, privacy_contact="privacy@qingzhu.example", retention_days=180
    )
    with (
        open_house(settings, banks=banks, interviewer=PoliteInterviewer()) as house,
        Client(base_url=house.url, timeout=60) as client,
    ):
        client.post("/recruiter/login", data={"name": "recruiter", "password": house.password})
        yield Furnished(house, client.cookies[SESSION_COOKIE])


@contextmanager
def _recruiter(found: Furnished) -> Iterator[Client]:
    headers = {"accept": "text/html", "accept-language": "zh-CN"}
    cookies = {SESSION_COOKIE: found.session}
    with Client(base_url=found.house.url, headers=headers, cookies=cookies, timeout=60) as client:
        yield client
