import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.banks.library import BankLibrary
from app.db.tables import Account, Interview, Invite, now
from app.errors import BadInputError, ConflictError
from app.interviews.dependencies import interview_cookie
from app.recruiting.invites.guests import Guest
from app.recruiting.invites.invitation import Begun, InvitationService
from app.recruiting.invites.service import InviteService
from app.recruiting.templates.errors import DrawError
from app.recruiting.templates.service import TemplateService
from tests.interviews.conftest import house as house
from tests.interviews.house import House, plain_translator, tiny_bank
from tests.recruiting.templates.banking import content


@dataclass
class Desk:
    """A template with one invite, and what its link's holder can do."""

    house: House
    templates: TemplateService
    invites: InviteService
    invitations: InvitationService
    library: BankLibrary
    account: Account
    template_id: str
    token: str

    async def begin(self, visit: str = "visit", name: str = "Ada", consents: bool = True) -> Begun:
        return await self.invitations.begin(self.token, visit, name, consents)

    async def state(self, visit: str | None = None, **cookies: str) -> str:
        return (await self.invitations.look(self.token, cookies, visit)).state

    async def interviews(self) -> int:
        async with self.house.database.reading() as session:
            return await session.scalar(select(func.count()).select_from(Interview)) or 0

    async def invite_id(self) -> str:
        return (await self.invites.page(self.template_id, self.account)).rows[0].id


@pytest.fixture
async def desk(house: House) -> Desk:
    library = BankLibrary({"tiny": tiny_bank()})
    templates = TemplateService(house.settings, house.database, library, plain_translator(house.settings))
    invites = InviteService(house.database)
    account = Account(name="rena", password_hash="x")
    async with house.database.session() as session:
        session.add(account)
    wanted = content(sees="scores", blind=True, retention_days=30, minutes=20, drawing="stratified")
    template = await templates.create(wanted, account)
    given = await invites.give_out(template.id, [Guest.typed(1, "Ada")], account, "batch")
    invitations = InvitationService(house.database, templates, house.service)
    token = given.links[0].token
    return Desk(house, templates, invites, invitations, library, account, template.id, token)


async def test_looking_never_uses_the_link_up(desk: Desk) -> None:
    for _ in range(3):
        assert await desk.state() == "open"
    assert await desk.interviews() == 0


async def test_beginning_makes_an_interview_on_the_templates_terms(desk: Desk) -> None:
    begun = await desk.begin(name="  李小明  🎧 ")
    interview = await desk.house.service.find(begun.interview_id)
    assert interview.candidate_name == "李小明 🎧"
    assert interview.consented_at is not None
    assert (interview.template_id, interview.template_revision) == (desk.template_id, 1)
    assert (interview.mode, interview.person_id) == ("assessment", None)
    kept = {name: interview.settings[name] for name in ("sees", "blind", "retention_days", "minutes", "of")}
    assert kept == {"sees": "scores", "blind": True, "retention_days": 30, "minutes": 20, "of": 1}
    assert "seed" in interview.settings
    assert await desk.state(**{interview_cookie(begun.interview_id): begun.token}) == "here"


@pytest.mark.parametrize(("name", "consents", "field"), [(" ", True, "name"), ("Ada", False, "consent")])
async def test_a_name_and_consent_are_needed_and_the_link_stays_unused(
    desk: Desk, name: str, consents: bool, field: str
) -> None:
    with pytest.raises(BadInputError, match=f"^{field}"):
        await desk.begin(name=name, consents=consents)
    assert await desk.state() == "open"


async def test_two_requests_of_one_browser_begin_one_interview(desk: Desk) -> None:
    first, second = await asyncio.gather(desk.begin(), desk.begin())
    assert first.interview_id == second.interview_id
    assert await desk.interviews() == 1
    for begun in (first, second):
        assert await desk.state(**{interview_cookie(begun.interview_id): begun.token}) == "here"


async def test_of_two_browsers_at_once_one_begins_and_the_other_is_told(desk: Desk) -> None:
    results = await asyncio.gather(desk.begin("one"), desk.begin("two"), return_exceptions=True)
    assert sum(isinstance(result, ConflictError) for result in results) == 1
    assert await desk.interviews() == 1


async def test_a_used_link_says_whose_it_is(desk: Desk) -> None:
    await desk.begin("mine")
    assert await desk.state("mine") == "yours"
    assert await desk.state("theirs") == "elsewhere"
    assert await desk.state() == "elsewhere"
    with pytest.raises(ConflictError):
        await desk.begin("theirs")


async def test_links_that_cannot_be_used_say_why(desk: Desk) -> None:
    assert (await desk.invitations.look("made up", {}, None)).state == "unknown"
    assert (await desk.invitations.look("x" * 5000, {}, None)).state == "unknown"
    invite_id = await desk.invite_id()
    await desk.invites.revoke(desk.template_id, invite_id, desk.account)
    assert await desk.state() == "revoked"
    await desk.invites.restore(desk.template_id, invite_id, desk.account)
    async with desk.house.database.session() as session:
        await session.execute(update(Invite).values(expires_at=now() - timedelta(seconds=1)))
    assert await desk.state() == "expired"
    with pytest.raises(ConflictError):
        await desk.begin()
    assert await desk.interviews() == 0


async def test_revoking_a_used_link_closes_its_interview_and_restoring_opens_it(desk: Desk) -> None:
    begun = await desk.begin()
    invite_id = await desk.invite_id()
    await desk.invites.revoke(desk.template_id, invite_id, desk.account)
    assert (await desk.house.service.find(begun.interview_id)).access_revoked_at is not None
    assert await desk.state("visit") == "revoked"
    await desk.invites.restore(desk.template_id, invite_id, desk.account)
    assert (await desk.house.service.find(begun.interview_id)).access_revoked_at is None


async def test_a_deleted_interview_does_not_free_its_link(desk: Desk) -> None:
    begun = await desk.begin()
    await desk.house.settled(begun.interview_id)
    async with desk.house.database.session() as session:
        await session.delete(await session.get_one(Interview, begun.interview_id))
    assert await desk.state("visit") == "deleted"
    with pytest.raises(ConflictError):
        await desk.begin()


async def test_a_template_that_cannot_be_filled_leaves_the_link_unused(desk: Desk) -> None:
    desk.library.replace({})
    with pytest.raises(DrawError):
        await desk.begin()
    assert await desk.state() == "open"


async def test_a_changed_template_changes_no_running_interview(desk: Desk) -> None:
    begun = await desk.begin()
    before = await desk.house.service.find(begun.interview_id)
    changed = content(sees="nothing", follow_ups=0, minutes=5)
    await desk.templates.update(desk.template_id, 1, changed, desk.account, "anew")
    after = await desk.house.service.find(begun.interview_id)
    assert (after.settings, after.template_revision) == (before.settings, 1)


async def test_a_reader_who_is_to_judge_blind_gets_no_way_from_name_to_interview(desk: Desk) -> None:
    await desk.begin()
    row = (await desk.invites.page(desk.template_id, desk.account)).rows[0]
    assert (row.status, row.interview) == ("used", None)
