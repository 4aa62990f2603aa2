from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.banks.library import BankLibrary
from app.db.engine import Database
from app.db.tables import Account, AuditEvent, Invite, now
from app.errors import BadInputError, ConflictError, NotFoundError
from app.interviews.access.repository import hash_token
from app.recruiting.invites.guests import Guest
from app.recruiting.invites.links import Link
from app.recruiting.invites.service import AlreadyInvitedError, InviteService
from app.recruiting.templates.service import TemplateService
from app.settings import Settings
from tests.interviews.house import plain_translator, tiny_bank
from tests.recruiting.templates.banking import content


@pytest.fixture
def service(database: Database) -> InviteService:
    return InviteService(database)


@pytest.fixture
def templates(settings: Settings, database: Database) -> TemplateService:
    return TemplateService(settings, database, BankLibrary({"tiny": tiny_bank()}), plain_translator(settings))


@pytest.fixture
async def account(database: Database) -> Account:
    made = Account(name="rena", password_hash="x")
    async with database.session() as session:
        session.add(made)
    return made


@pytest.fixture
async def template_id(templates: TemplateService, account: Account) -> str:
    return (await templates.create(content(), account)).id


def guests(*names: str) -> list[Guest]:
    return [Guest.typed(line, name) for line, name in enumerate(names, 1)]


async def invited(service: InviteService, template_id: str, account: Account, *names: str) -> Sequence[Link]:
    return (await service.give_out(template_id, guests(*names), account, f"batch {names}")).links


async def the_invite(service: InviteService, template_id: str, account: Account) -> str:
    return (await service.page(template_id, account)).rows[0].id


async def test_only_the_tokens_hash_is_stored(
    service: InviteService, template_id: str, account: Account, database: Database
) -> None:
    (link,) = await invited(service, template_id, account, "Ada")
    async with database.reading() as session:
        stored = (await session.scalars(select(Invite))).one()
    assert stored.token_hash == hash_token(link.token)
    assert link.token not in str(vars(stored))
    assert len(link.token) >= 43
    assert timedelta(days=13, hours=23) < stored.expires_at - now() <= timedelta(days=14)


async def test_good_rows_are_invited_in_order_and_bad_ones_come_back(
    service: InviteService, template_id: str, account: Account
) -> None:
    given = await service.give_out(template_id, guests("Ada", "", "李小明 🎧", "Ada"), account, "batch")
    assert [link.name for link in given.links] == ["Ada", "李小明 🎧"]
    assert [(each.guest.line, each.reason) for each in given.refused] == [
        (2, "name_missing"),
        (4, "duplicate"),
    ]
    page = await service.page(template_id, account)
    assert [row.name for row in page.rows] == ["Ada", "李小明 🎧"]


async def test_a_form_sent_twice_invites_once(
    service: InviteService, template_id: str, account: Account
) -> None:
    await service.give_out(template_id, guests("Ada"), account, "batch")
    with pytest.raises(AlreadyInvitedError):
        await service.give_out(template_id, guests("Ada"), account, "batch")
    assert (await service.page(template_id, account)).counts["open"] == 1


async def test_who_has_an_open_link_is_not_invited_again(
    service: InviteService, template_id: str, account: Account
) -> None:
    await invited(service, template_id, account, "Ada")
    given = await service.give_out(template_id, guests("Ada"), account, "other")
    assert [each.reason for each in given.refused] == ["invited"]
    await service.revoke(template_id, await the_invite(service, template_id, account), account)
    assert len(await invited(service, template_id, account, "Ada", "Bo")) == 2


async def test_looking_a_list_over_stores_nothing(
    service: InviteService, template_id: str, account: Account
) -> None:
    checked = await service.check(template_id, guests("Ada", ""))
    assert (len(checked.good), len(checked.bad)) == (1, 1)
    assert (await service.page(template_id, account)).rows == []


async def test_refused_rows_are_the_same_before_and_after_the_import(
    service: InviteService, template_id: str, account: Account
) -> None:
    rows = guests("Ada", "", "Bo")
    before = (await service.check(template_id, rows)).bad
    await service.give_out(template_id, rows, account, "batch")
    assert (await service.check(template_id, rows, "batch")).bad == before


async def test_a_new_link_replaces_the_old_one(
    service: InviteService, template_id: str, account: Account, database: Database
) -> None:
    (old,) = await invited(service, template_id, account, "Ada")
    invite_id = await the_invite(service, template_id, account)
    await service.revoke(template_id, invite_id, account)
    new = await service.renew(template_id, invite_id, account)
    async with database.reading() as session:
        hashes = list(await session.scalars(select(Invite.token_hash)))
    assert hashes == [hash_token(new.token)]
    assert old.token != new.token
    assert (await service.page(template_id, account)).counts == {
        "open": 1,
        "used": 0,
        "expired": 0,
        "revoked": 0,
    }


async def test_an_expired_link_can_be_extended(
    service: InviteService, template_id: str, account: Account, database: Database
) -> None:
    await invited(service, template_id, account, "Ada")
    invite_id = await the_invite(service, template_id, account)
    async with database.session() as session:
        await session.execute(update(Invite).values(expires_at=now() - timedelta(days=3)))
    assert (await service.page(template_id, account)).rows[0].status == "expired"
    row = await service.extend(template_id, invite_id, 2, account)
    assert row.status == "open"
    assert row.expires_at > now() + timedelta(days=1, hours=23)


@pytest.mark.parametrize("days", [0, -1, 366])
async def test_an_extension_has_bounds(
    service: InviteService, template_id: str, account: Account, days: int
) -> None:
    await invited(service, template_id, account, "Ada")
    with pytest.raises(BadInputError, match="days"):
        await service.extend(template_id, await the_invite(service, template_id, account), days, account)


async def test_a_used_link_is_neither_renewed_nor_extended(
    service: InviteService, template_id: str, account: Account, database: Database
) -> None:
    await invited(service, template_id, account, "Ada")
    invite_id = await the_invite(service, template_id, account)
    async with database.session() as session:
        await session.execute(update(Invite).values(used_at=now()))
    with pytest.raises(ConflictError, match="used"):
        await service.renew(template_id, invite_id, account)
    with pytest.raises(ConflictError, match="used"):
        await service.extend(template_id, invite_id, 1, account)


async def test_nobody_is_invited_with_an_archived_template(
    service: InviteService, templates: TemplateService, template_id: str, account: Account
) -> None:
    await invited(service, template_id, account, "Ada")
    assert await templates.archive(template_id, account, revoke_links=True) == 1
    with pytest.raises(ConflictError, match="archived"):
        await invited(service, template_id, account, "Bo")
    assert (await service.page(template_id, account)).counts["revoked"] == 1


async def test_the_list_is_searched_filtered_and_paged(
    service: InviteService, template_id: str, account: Account
) -> None:
    await invited(
        service, template_id, account, *(f"Guest {number}" for number in range(7)), "李小明", "100%"
    )
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await service.page(template_id, account, "open", "guest", cursor, limit=3)
        seen += [row.name for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [f"Guest {number}" for number in range(7)]
    assert [row.name for row in (await service.page(template_id, account, search="小明")).rows] == ["李小明"]
    assert [row.name for row in (await service.page(template_id, account, search="%")).rows] == ["100%"]
    assert (await service.page(template_id, account, "used")).rows == []


@pytest.mark.parametrize("cursor", ["x", "%00", "MjAyNg==", "é"])
async def test_a_cursor_that_is_none_is_explained(
    service: InviteService, template_id: str, account: Account, cursor: str
) -> None:
    with pytest.raises(BadInputError, match="after"):
        await service.page(template_id, account, cursor=cursor)


async def test_an_invite_is_reached_through_its_own_template_only(
    service: InviteService, templates: TemplateService, template_id: str, account: Account
) -> None:
    links = await invited(service, template_id, account, "Ada")
    invite_id = await the_invite(service, template_id, account)
    other = (await templates.create(content(), account)).id
    for attempt in (service.revoke, service.restore, service.renew):
        with pytest.raises(NotFoundError):
            await attempt(other, invite_id, account)
    with pytest.raises(NotFoundError):
        await service.extend(other, invite_id, 1, account)
    assert await service.links_of(other, [links[0].token], account) == []
    with pytest.raises(NotFoundError):
        await service.page("0" * 32, account)


async def test_a_file_of_links_holds_those_whose_tokens_are_held(
    service: InviteService, template_id: str, account: Account
) -> None:
    links = await invited(service, template_id, account, "Ada", "Bo")
    found = await service.links_of(template_id, [links[1].token, "made up", links[0].token], account)
    assert [(link.name, link.token) for link in found] == [("Bo", links[1].token), ("Ada", links[0].token)]


async def test_every_change_is_audited_without_a_name(
    service: InviteService, template_id: str, account: Account, database: Database
) -> None:
    await invited(service, template_id, account, "Ada")
    invite_id = await the_invite(service, template_id, account)
    await service.renew(template_id, invite_id, account)
    await service.extend(template_id, invite_id, 3, account)
    await service.revoke(template_id, invite_id, account)
    await service.revoke(template_id, invite_id, account)
    await service.restore(template_id, invite_id, account)
    async with database.reading() as session:
        events = list(await session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
    assert [event.action for event in events[1:]] == [
        "invite.create",
        "invite.renew",
        "invite.extend",
        "invite.revoke",
        "invite.restore",
    ]
    assert events[1].detail == {"invites": 1, "refused": 0}
    assert "Ada" not in str([event.detail for event in events])


async def test_five_thousand_guests_are_invited_at_once(
    service: InviteService, template_id: str, account: Account
) -> None:
    many = [Guest.typed(line, f"候选人{line}", f"c{line}@example.org") for line in range(1, 5001)]
    given = await service.give_out(template_id, many, account, "batch")
    assert len({link.token for link in given.links}) == 5000
    with pytest.raises(BadInputError):
        await service.give_out(template_id, [*many, many[0]], account, "another")
