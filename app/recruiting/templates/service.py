"""Templates: made, changed, copied, archived, and drawn from."""

import asyncio
import secrets

from app.banks.library import BankLibrary
from app.db.audit import Actor, audit
from app.db.engine import Database
from app.db.tables import Account, Template, new_id, now
from app.errors import BadInputError, ConflictError
from app.interviews.planning.plan import Plan
from app.interviews.planning.translating import Translator
from app.recruiting.templates.content import TemplateContent
from app.recruiting.templates.drawing import Drawing, draw, in_newest_version, newer_banks, strata_of
from app.recruiting.templates.errors import ContentError, FieldProblem, StaleTemplateError
from app.recruiting.templates.repository import Templates
from app.recruiting.templates.schemas import Questions, TemplateListing, TemplateView, drawn_questions
from app.settings import Settings


class TemplateService:
    """What recruiters can do with templates. Every method opens its own short transactions."""

    def __init__(
        self, settings: Settings, database: Database, banks: BankLibrary, translator: Translator
    ) -> None:
        self._settings = settings
        self._database = database
        self._banks = banks
        self._translator = translator

    async def list(self, *, archived: bool = False) -> list[TemplateListing]:
        """Those in use, or those archived, last changed first."""
        async with self._database.reading() as session:
            rows = await Templates(session).list(archived=archived)
        return [TemplateListing.model_validate(row) for row in rows]

    async def get(self, template_id: str) -> TemplateView:
        """One template. Raises `NotFoundError`."""
        return self._view(await self._find(template_id))

    async def create(self, content: TemplateContent, account: Account) -> TemplateView:
        """A new template with its questions drawn. Raises `ContentError`."""
        self._check_language(content)
        return await self._add(content, await self._drawn(content), account)

    async def duplicate(self, template_id: str, account: Account, name: str | None = None) -> TemplateView:
        """A copy that asks the same questions. Raises `NotFoundError`."""
        row = await self._find(template_id)
        content = TemplateContent.model_validate(row.content)
        most = 120
        content = content.model_copy(update={"name": (name or f"{content.name} (2)")[:most]})
        return await self._add(content, Drawing.model_validate(row.drawing), account, copy_of=template_id)

    async def update(
        self,
        template_id: str,
        revision: int,
        content: TemplateContent,
        account: Account,
        questions: Questions = "keep",
    ) -> TemplateView:
        """Replace the content of `revision`; interviews that were begun keep what they were planned from.

        Raises `NotFoundError`, `ContentError`, `StaleTemplateError` if someone else was quicker, and
        `ConflictError` for an archived one.
        """
        self._check_language(content)
        before = await self._find(template_id)
        if before.revision != revision:
            raise StaleTemplateError(before.revision)
        drawing = await self._redrawn(before, content, questions)
        async with self._database.session() as session:
            row = await Templates(session).existing(template_id, lock=True)
            if row.revision != revision:
                raise StaleTemplateError(row.revision)
            if row.archived_at is not None:
                raise _archived()
            dumped = content.model_dump(mode="json")
            changed = sorted(name for name in dumped if dumped[name] != row.content.get(name))
            row.name, row.content = content.name, dumped
            row.drawing = drawing.model_dump(mode="json")
            row.revision += 1
            row.updated_at = now()
            audit(
                session,
                Actor.of(account),
                "template.update",
                template_id,
                revision=row.revision,
                fields=changed,
                questions=questions,
            )
        return self._view(row)

    async def archive(self, template_id: str, account: Account, *, revoke_links: bool = False) -> int:
        """Take it out of use; links that were given out work on unless they are revoked: how many were.

        Harmless when it is archived. Raises `NotFoundError`.
        """
        async with self._database.session() as session:
            row = await Templates(session).existing(template_id, lock=True)
            revoked = await Templates(session).revoke_links(template_id, now()) if revoke_links else 0
            if row.archived_at is None or revoked:
                row.archived_at = row.archived_at or now()
                audit(session, Actor.of(account), "template.archive", template_id, revoked_links=revoked)
        return revoked

    async def restore(self, template_id: str, account: Account) -> None:
        """Take it into use again. Raises `NotFoundError`."""
        async with self._database.session() as session:
            row = await Templates(session).existing(template_id, lock=True)
            if row.archived_at is not None:
                row.archived_at = None
                audit(session, Actor.of(account), "template.restore", template_id)

    async def plan(self, template: Template) -> tuple[Plan, int | None]:
        """What the next candidate is asked, and the seed of its draw if it is one of their own.

        Raises `DrawError` when the banks no longer hold it.
        """
        drawing = Drawing.model_validate(template.drawing)
        if drawing.plan is not None:
            return drawing.plan, None
        seed = secrets.randbelow(2**31)
        return await asyncio.to_thread(draw, drawing.strata, self._banks.banks, seed), seed

    async def _find(self, template_id: str) -> Template:
        async with self._database.reading() as session:
            return await Templates(session).existing(template_id)

    async def _add(
        self, content: TemplateContent, drawing: Drawing, account: Account, **origin: str
    ) -> TemplateView:
        row = Template(
            id=new_id(),
            name=content.name,
            content=content.model_dump(mode="json"),
            drawing=drawing.model_dump(mode="json"),
            created_by=account.id,
        )
        async with self._database.session() as session:
            await Templates(session).add(row)
            audit(
                session,
                Actor.of(account),
                "template.create",
                row.id,
                questions=content.questions,
                drawing=content.drawing,
                **origin,
            )
        return self._view(row)

    async def _redrawn(self, row: Template, content: TemplateContent, questions: Questions) -> Drawing:
        before = TemplateContent.model_validate(row.content)
        drawing = Drawing.model_validate(row.drawing)
        asks_the_same = (before.parts, before.drawing) == (content.parts, content.drawing)
        if questions == "keep" and asks_the_same:
            return drawing
        if questions == "newest" and asks_the_same and drawing.plan is not None:
            newest = in_newest_version(drawing.plan, self._banks.banks)
            if newest is not None:
                return drawing.model_copy(update={"plan": newest})
        return await self._drawn(content)

    def _check_language(self, content: TemplateContent) -> None:
        bank = self._banks.banks.get(content.parts[0].bank)
        try:
            self._translator.check(content.language, bank.language if bank else content.language or "")
        except BadInputError as error:
            raise ContentError(
                [FieldProblem("language", "language_not_possible", f"{error.detail}; {error.hint}")]
            ) from error

    async def _drawn(self, content: TemplateContent) -> Drawing:
        most = self._settings.max_questions
        if content.questions > most:
            message = f"{content.questions} questions are more than {most}"
            raise ContentError([FieldProblem("parts", "too_many_in_all", message, {"most": most})])
        banks = self._banks.banks
        strata = strata_of(content.parts, banks)
        if content.drawing == "stratified":
            return Drawing(strata=strata)
        plan = await asyncio.to_thread(draw, strata, banks, secrets.randbelow(2**31))
        return Drawing(strata=strata, plan=plan)

    def _view(self, row: Template) -> TemplateView:
        drawing = Drawing.model_validate(row.drawing)
        return TemplateView(
            **TemplateListing.model_validate(row).model_dump(),
            questions=drawn_questions(drawing),
            strata=drawing.strata,
            newer_banks=newer_banks(drawing.plan, self._banks.banks) if drawing.plan else [],
        )


def _archived() -> ConflictError:
    return ConflictError("the template is archived", hint="Restore it first.")
