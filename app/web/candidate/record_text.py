"""Everything held about a person as a file: readable Markdown beside the JSON, in one ZIP archive."""

import io
import json
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from app.people.schemas import HeldCard, HeldEvaluation, HeldInterview, HeldInvite, PersonRecord
from app.web.rendering import SECURITY_HEADERS, marks, wording_of
from app.web.wording import Wording

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_LINE_START = re.compile(r"^(\s*\d*)([-+=.)])", re.MULTILINE)


def record_response(request: Request, record: PersonRecord) -> Response:
    """The record as an archive to keep."""
    t = wording_of(request)
    name = f"{t('me.record.file')}-{record.made_at:%Y-%m-%d}.zip"
    headers = SECURITY_HEADERS | {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(record_zip(record, t), media_type="application/zip", headers=headers)


def record_zip(record: PersonRecord, t: Wording) -> bytes:
    """A ZIP archive with `data.json` and `read-me.md`."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", record.model_dump_json(indent=2))
        archive.writestr("read-me.md", record_markdown(record, t))
    return written.getvalue()


def record_markdown(record: PersonRecord, t: Wording) -> str:
    """The record as Markdown; what people typed is shown as typed, not as markup."""
    parts = [
        f"# {t('me.record.title')}",
        t("me.record.made_at", at=_at(record.made_at)),
        t("me.record.contents"),
    ]
    for interview in record.interviews:
        parts += _interview(interview, t)
    if record.invites:
        parts.append(f"## {t('me.record.invites')}")
        parts += [_invite(invite, t) for invite in record.invites]
    return "\n\n".join(parts) + "\n"


def _interview(held: HeldInterview, t: Wording) -> Iterable[str]:
    yield f"## {t('me.record.interview', title=_plain(held.bank['title']))}"
    facts = [
        ("mode", t(f"mode.{held.mode}")),
        ("template", _plain(held.template or "")),
        ("name", _plain(held.name or "")),
        ("created", _at(held.created_at)),
        ("started", _at(held.started_at)),
        ("ended", _at(held.ended_at)),
        ("consented", _at(held.consented_at)),
        ("withdrawn", _at(held.consent_withdrawn_at)),
        ("released", _at(held.released_at)),
        ("due", _at(held.delete_after) or t("me.record.never")),
    ]
    yield "\n".join(f"- {t(f'me.record.{name}')}: {value}" for name, value in facts if value)
    yield f"### {t('me.record.conversation')}"
    for line in held.transcript:
        speaker = t("me.record.you" if line.speaker == "candidate" else "me.record.interviewer")
        yield f"**{speaker}** ({_at(line.at)})\n\n{_quoted(line.text)}"
        if line.signals:
            yield f"{t('me.record.signals')}: `{json.dumps(line.signals, ensure_ascii=False)}`"
    yield f"### {t('me.record.evaluation')}"
    if held.evaluation is not None:
        yield from _evaluation(held, held.evaluation, t)
    elif held.evaluation_from is not None:
        yield t("me.record.later", at=_at(held.evaluation_from))
    else:
        yield t("me.record.not_over")
    if held.disputes:
        yield f"### {t('me.record.disputes')}"
        for dispute in held.disputes:
            place = t("me.record.dispute", number=dispute.question, point=_plain(dispute.point))
            status = t(f"me.record.{dispute.status}")
            yield f"{place} ({_at(dispute.at)}), {status}\n\n{_quoted(dispute.text)}"
            if dispute.outcome:
                yield f"{t('me.record.outcome')} ({_at(dispute.resolved_at)})\n\n{_quoted(dispute.outcome)}"
    if held.history:
        yield f"### {t('me.record.history')}"
        yield "\n".join(f"- {_at(event['at'])}: `{event['action']}`" for event in held.history)
    if held.model_calls:
        yield f"### {t('me.record.calls')}"
        models = sorted({_plain(str(call["model"])) for call in held.model_calls})
        yield "\n".join(f"- {model}" for model in models)


def _evaluation(held: HeldInterview, evaluation: HeldEvaluation, t: Wording) -> Iterable[str]:
    yield f"{t('me.record.total')}: {marks(evaluation.score)} / {marks(evaluation.max_score)}"
    for number, card in evaluation.cards.items():
        yield f"#### {t('me.record.question', number=number)}: {marks(card.score)} / {marks(card.max_score)}"
        yield _quoted(held.questions.get(number, ""))
        if card.scorer:
            yield t("me.record.by_model", model=_plain(card.scorer))
        yield _points(card, t)
    if evaluation.replaced:
        yield f"#### {t('me.record.replaced')}"
        line = "me.record.replaced_line"
        yield "\n".join(
            "- " + t(line, number=number, score=marks(card.score), at=_at(card.replaced_at))
            for number, cards in evaluation.replaced.items()
            for card in cards
        )
    if evaluation.decisions:
        yield f"#### {t('me.record.decisions')}"
        for each in evaluation.decisions:
            credit = t("me.record.given_back") if each.credit is None else marks(each.credit)
            said = t("me.record.decision", number=each.question, point=_plain(each.point), credit=credit)
            blind = f", {t('me.record.blind')}" if each.blind else ""
            yield f"{said} ({_at(each.at)}{blind})" + (f"\n\n{_quoted(each.reason)}" if each.reason else "")
    if evaluation.comments:
        yield f"#### {t('me.record.comments')}"
        for note in evaluation.comments:
            yield f"{_at(note.at)}\n\n{_quoted(note.text)}"


def _points(card: HeldCard, t: Wording) -> str:
    lines = []
    for point in card.points:
        name = _plain(point.text) if point.text else t("me.record.point", id=_plain(point.id))
        credit = t("me.record.unscored") if point.credit is None else marks(point.credit)
        decided = (
            f" ({t('me.record.decided', credit=marks(point.machine_credit))})" if point.overridden else ""
        )
        lines.append(f"- {name}: {credit}{decided}")
        lines += [f"  > {_plain(quote.text)}" for quote in point.quotes]
    return "\n".join(lines)


def _invite(invite: HeldInvite, t: Wording) -> str:
    facts = [
        ("template", _plain(invite.template or "")),
        ("name", _plain(invite.name)),
        ("email", _plain(invite.email)),
        ("reference", _plain(invite.reference)),
        ("created", _at(invite.created_at)),
        ("expires", _at(invite.expires_at)),
        ("used", _at(invite.used_at)),
    ]
    return "\n".join(f"- {t(f'me.record.{name}')}: {value}" for name, value in facts if value)


def _at(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else ""


def _plain(text: str) -> str:
    """Text on one line whose characters mean nothing to Markdown."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _quoted(text: str) -> str:
    """Text as a block quote with its own lines."""
    escaped = _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))
    return "\n".join(f"> {line}" for line in escaped.splitlines()) or ">"
