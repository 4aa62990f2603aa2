import pytest
from sqlalchemy import select

from app.banks.library import BankLibrary
from app.db.engine import Database
from app.db.tables import Account, AuditEvent
from app.errors import ConflictError, NotFoundError
from app.recruiting.templates.errors import ContentError, StaleTemplateError
from app.recruiting.templates.service import TemplateService
from app.settings import Settings
from tests.interviews.house import plain_translator
from tests.recruiting.templates.banking import bank, content

PARTS = [{"bank": "shop", "sections": {"care": 3}}]


@pytest.fixture
def library() -> BankLibrary:
    return BankLibrary({"shop": bank()})


@pytest.fixture
def service(settings: Settings, database: Database, library: BankLibrary) -> TemplateService:
    return TemplateService(settings, database, library, plain_translator(settings))


@pytest.fixture
async def account(database: Database) -> Account:
    made = Account(name="rena", password_hash="x")
    async with database.session() as session:
        session.add(made)
    return made


async def actions(database: Database) -> list[str]:
    async with database.reading() as session:
        return list(await session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


async def test_questions_are_pinned_until_what_is_asked_changes(
    service: TemplateService, account: Account
) -> None:
    made = await service.create(content(parts=PARTS), account)
    assert len(made.questions) == 3
    renamed = await service.update(made.id, 1, content(parts=PARTS, name="Other"), account)
    assert (renamed.revision, renamed.questions) == (2, made.questions)
    fewer = await service.update(
        made.id, 2, content(parts=[{"bank": "shop", "sections": {"care": 2}}]), account
    )
    assert len(fewer.questions) == 2


async def test_drawing_anew_takes_other_questions(service: TemplateService, account: Account) -> None:
    made = await service.create(content(parts=PARTS), account)
    drawn = {tuple(each.id for each in made.questions)}
    for revision in range(1, 9):
        view = await service.update(made.id, revision, content(parts=PARTS), account, "anew")
        drawn.add(tuple(each.id for each in view.questions))
    assert len(drawn) > 1


async def test_a_stratified_template_pins_no_questions(service: TemplateService, account: Account) -> None:
    made = await service.create(content(parts=PARTS, drawing="stratified"), account)
    assert made.questions == []
    assert sum(stratum.count for stratum in made.strata) == 3


async def test_the_second_of_two_editors_is_told_and_the_first_ones_change_stays(
    service: TemplateService, account: Account
) -> None:
    made = await service.create(content(parts=PARTS), account)
    await service.update(made.id, 1, content(parts=PARTS, name="First"), account)
    with pytest.raises(StaleTemplateError) as caught:
        await service.update(made.id, 1, content(parts=PARTS, name="Second"), account)
    assert caught.value.revision == 2
    assert (await service.get(made.id)).content.name == "First"


async def test_a_newer_bank_reaches_the_pinned_questions_only_on_request(
    service: TemplateService, account: Account, library: BankLibrary
) -> None:
    made = await service.create(content(parts=PARTS), account)
    library.replace({"shop": bank(version="1.1.0")})
    seen = await service.get(made.id)
    assert seen.questions == made.questions
    assert [(each.before, each.after) for each in seen.newer_banks] == [("1.0.0", "1.1.0")]
    kept = await service.update(made.id, 1, content(parts=PARTS), account)
    assert kept.questions == made.questions
    taken = await service.update(made.id, 2, content(parts=PARTS), account, "newest")
    assert [each.id for each in taken.questions] == [each.id for each in made.questions]
    assert {each.version for each in taken.questions} == {"1.1.0"}
    assert taken.newer_banks == []


async def test_a_template_whose_bank_is_gone_can_still_be_worded(
    service: TemplateService, account: Account, library: BankLibrary
) -> None:
    made = await service.create(content(parts=PARTS), account)
    library.replace({})
    view = await service.update(made.id, 1, content(parts=PARTS, intro="Welcome"), account)
    assert view.questions == made.questions
    with pytest.raises(ContentError, match="shop"):
        await service.update(made.id, 2, content(parts=PARTS), account, "anew")


async def test_a_copy_asks_the_same_questions(service: TemplateService, account: Account) -> None:
    made = await service.create(content(parts=PARTS), account)
    copy = await service.duplicate(made.id, account)
    assert copy.id != made.id
    assert copy.content.name == "Support agent (2)"
    assert copy.questions == made.questions


async def test_an_archived_template_cannot_be_changed_until_it_is_restored(
    service: TemplateService, account: Account
) -> None:
    made = await service.create(content(parts=PARTS), account)
    await service.archive(made.id, account)
    assert [each.id for each in await service.list()] == []
    assert [each.id for each in await service.list(archived=True)] == [made.id]
    with pytest.raises(ConflictError, match="archived"):
        await service.update(made.id, 1, content(parts=PARTS), account)
    await service.restore(made.id, account)
    assert [each.id for each in await service.list()] == [made.id]


async def test_too_many_questions_are_refused(
    settings: Settings, database: Database, library: BankLibrary, account: Account
) -> None:
    service = TemplateService(
        settings.model_copy(update={"max_questions": 2}), database, library, plain_translator(settings)
    )
    with pytest.raises(ContentError, match="more than 2"):
        await service.create(content(parts=PARTS), account)


async def test_an_unknown_template_is_not_found(service: TemplateService, account: Account) -> None:
    with pytest.raises(NotFoundError):
        await service.get("0" * 32)
    with pytest.raises(NotFoundError):
        await service.archive("0" * 32, account)


async def test_every_change_is_audited(
    service: TemplateService, account: Account, database: Database
) -> None:
    made = await service.create(content(parts=PARTS), account)
    await service.update(made.id, 1, content(parts=PARTS), account)
    await service.archive(made.id, account)
    await service.archive(made.id, account)
    await service.restore(made.id, account)
    assert await actions(database) == [
        "template.create",
        "template.update",
        "template.archive",
        "template.restore",
    ]
