"""Interviews of any number, made up but always the same, to measure the recruiter's desk with."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.banks.library import BankLibrary
from app.banks.schema import Question
from app.db.tables import (
    Account,
    Interview,
    InterviewQuestion,
    Invite,
    LLMCall,
    PointOverrideRow,
    QuestionScoreRow,
    ScorerRow,
    Template,
    Utterance,
)
from app.db.word_index import INTERVIEW_NUMBERS, TRANSCRIPT_WORDS, fts_document, gram_hashes, who_hashes
from app.interviews.flow.moves import FlowState, Status
from evals.performance.desk.judges import (
    bank_version_at,
    blind_review,
    calls,
    card_of,
    dispute,
    machine_columns,
    reviewer,
    scorer_at,
    scorer_rows,
)
from evals.performance.desk.words import Words

BANKS = Path(__file__).parents[2] / "knowledge"
QUESTIONS = 4
TURNS = 12
TEMPLATES = 12
DAYS = 700
_BATCH = 500
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = ("晓明", "思远", "雨桐", "子涵", "嘉怡", "一诺", "浩然", "梓萱", "文博", "若曦", "安", "宁")


@dataclass
class Batch:
    """Rows of some interviews, by table, interviews first, and their entries in the index of words."""

    rows: dict[Any, list[dict[str, Any]]] = field(default_factory=lambda: {Interview: []})
    words: list[dict[str, Any]] = field(default_factory=list)

    def add(self, table: Any, **values: Any) -> None:
        self.rows.setdefault(table, []).append(values)

    def extend(self, rows: Mapping[Any, Sequence[dict[str, Any]]]) -> None:
        for table, values in rows.items():
            self.rows.setdefault(table, []).extend(values)


class Generator:
    """Fills a fresh database with interviews of about twelve turns each, over the days until today."""

    def __init__(self, engine: AsyncEngine, seed: int = 1) -> None:
        self._engine = engine
        self._on_sqlite = engine.dialect.name == "sqlite"
        self._random = random.Random(seed)
        self._bank = BankLibrary.from_folder(BANKS).get("customer-service-specialist")
        self._questions = [question for _, question in self._bank.questions()]
        self._words = Words(self._bank, seed)
        self._begin = datetime.combine(datetime.now(UTC).date(), time(), UTC) - timedelta(days=DAYS)

    async def fill(self, interviews: int) -> None:
        """Store this many interviews with questions, transcripts, cards, overrides and invites."""
        async with self._engine.begin() as connection:
            await self._add_frame(connection)
        for first in range(1, interviews + 1, _BATCH):
            batch = Batch()
            for number in range(first, min(first + _BATCH, interviews + 1)):
                self._add_interview(batch, number, interviews)
            async with self._engine.begin() as connection:
                for table, rows in batch.rows.items():
                    await connection.execute(insert(table), rows)
                await connection.execute(text(self._words_insert()), batch.words)
        await self._finish(interviews)

    async def _add_frame(self, connection: AsyncConnection) -> None:
        templates = [
            {"id": f"{number:032x}", "name": f"模板 {number + 1}", "content": {}, "drawing": {}}
            for number in range(TEMPLATES)
        ]
        await connection.execute(insert(Template), templates)
        await connection.execute(insert(ScorerRow), scorer_rows())
        await connection.execute(insert(Account), [reviewer()])
        if not self._on_sqlite:
            await connection.execute(text(f"DROP INDEX ix_{TRANSCRIPT_WORDS}_grams"))

    def _words_insert(self) -> str:
        if self._on_sqlite:
            return f"INSERT INTO {TRANSCRIPT_WORDS} (rowid, words, who) VALUES (:number, :words, :who)"
        return f"INSERT INTO {TRANSCRIPT_WORDS} (number, grams) VALUES (:number, CAST(:grams AS integer[]))"

    async def _finish(self, interviews: int) -> None:
        """What a database does by itself in the days that so many interviews take."""
        async with self._engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            if self._on_sqlite:
                return
            await connection.execute(text("SET maintenance_work_mem = '512MB'"))
            await connection.execute(
                text(f"CREATE INDEX ix_{TRANSCRIPT_WORDS}_grams ON {TRANSCRIPT_WORDS} USING gin (grams)")
            )
            await connection.execute(text(f"SELECT setval('{INTERVIEW_NUMBERS}', {interviews})"))
            await connection.execute(text("VACUUM ANALYZE"))

    def _add_interview(self, batch: Batch, number: int, of: int) -> None:
        chance = self._random
        interview_id = f"{chance.getrandbits(128):032x}"
        share = number / of
        at, scorer = self._begin + timedelta(days=DAYS) * share, scorer_at(share)
        is_assessment = chance.random() < 0.8
        template = chance.randrange(TEMPLATES) if is_assessment else None
        status = chance.choices(("ended", "open", "paused"), (92, 6, 2))[0]
        name = chance.choice(_SURNAMES) + chance.choice(_GIVEN)
        reviewed = at + timedelta(days=2) if chance.random() < 0.4 else None
        ability = min(1.0, chance.gauss(0.55, 0.18))
        asked = self._questions_of(template)
        cards = [card_of(chance, question, ability) for question in asked]
        overridden = self._add_questions(batch, interview_id, at, share, list(zip(asked, cards, strict=True)))
        flagged = sum(point["needs_review"] for card in cards for point in card["points"])
        scored = [card for card in cards if card["score"] is not None]
        score = sum(card["score"] for card in scored) if scored else None
        most = float(sum(card["max_score"] for card in scored))
        disputed = int(chance.random() < 0.01)
        batch.add(
            Interview,
            id=interview_id,
            number=number,
            token_hash=f"{number:064x}",
            bank_id=self._bank.id,
            bank_title=self._bank.title,
            bank_version=bank_version_at(share),
            language="zh-CN",
            mode="assessment" if is_assessment else "practice",
            status=status,
            settings=self._settings(template == 0),
            state=FlowState(cast(Status, status), QUESTIONS).to_dict(),
            created_at=at,
            started_at=at,
            ended_at=at + timedelta(minutes=20) if status == "ended" else None,
            expires_at=at + timedelta(days=30),
            paused_seconds=0.0,
            template_id=None if template is None else f"{template:032x}",
            candidate_name=name,
            blind=template == 0,
            reviewed_at=reviewed,
            released_at=reviewed if reviewed and chance.random() < 0.6 else None,
            score=score,
            max_score=most,
            share=score / most if score is not None else None,
            flagged=flagged,
            unscored=len(cards) - len(scored),
            disputed=disputed,
            attention=2 if disputed else 1 if flagged and reviewed is None else 0,
            scorer_id=scorer.id,
            **machine_columns(cards, overridden),
        )
        names = [name]
        if template is not None:
            reference = f"HR{number:07d}"
            names.append(reference)
            batch.add(
                Invite,
                template_id=f"{template:032x}",
                token_hash=f"{number:064x}",
                name=name,
                reference=reference,
                expires_at=at + timedelta(days=14),
                used_at=at,
                interview_id=interview_id,
            )
        if disputed:
            batch.extend(dispute(interview_id, asked[0].points[0].id, at))
        batch.extend(blind_review(chance, interview_id, at, dict(enumerate(cards, 1)), scorer.id))
        batch.extend({LLMCall: calls(chance, interview_id, at, range(2, TURNS, 2), scorer.model)})
        lines = self._add_lines(batch, interview_id, at)
        batch.words.append(self._entry(number, lines, names))

    def _settings(self, blind: bool) -> dict[str, Any]:
        return {
            "of": QUESTIONS,
            "follow_ups": 1,
            "minutes": 60,
            "role": self._bank.role,
            "bank_language": "zh-CN",
            "competencies": {each.id: each.title for each in self._bank.competencies},
            "sees": "scores",
            "blind": blind,
            "retention_days": None,
        }

    def _questions_of(self, template: int | None) -> list[Question]:
        """The same for every candidate of a template."""
        drawn = self._random if template is None else random.Random(template)
        return drawn.sample(self._questions, QUESTIONS)

    def _add_questions(
        self,
        batch: Batch,
        interview_id: str,
        at: datetime,
        share: float,
        judged: Sequence[tuple[Question, dict[str, Any]]],
    ) -> int:
        """Store the questions and their cards; how many verdicts people decided otherwise."""
        overridden, scorer_id = 0, scorer_at(share).id
        for number, (question, card) in enumerate(judged, 1):
            batch.add(
                InterviewQuestion,
                interview_id=interview_id,
                number=number,
                bank_id=self._bank.id,
                bank_version=bank_version_at(share),
                question_id=question.id,
                section=self._bank.sections[0].title,
                question=question.model_dump(mode="json"),
            )
            batch.add(
                QuestionScoreRow,
                interview_id=interview_id,
                number=number,
                status=card["status"],
                score=card["score"],
                max_score=card["max_score"],
                fingerprint=card["fingerprint"],
                card=card,
                scored_at=at,
                scorer_id=scorer_id,
            )
            given = card["points"][0]["credit"]
            if given is not None and self._random.random() < 0.02:
                overridden += 1
                batch.add(
                    PointOverrideRow,
                    interview_id=interview_id,
                    number=number,
                    point_id=question.points[0].id,
                    credit=1.0 - given if given != 0.5 else 1.0,
                    before=given,
                    machine_credit=given,
                    scorer_id=scorer_id,
                    reason="说到了这一点。",
                    author="recruiter",
                    at=at,
                )
        return overridden

    def _add_lines(self, batch: Batch, interview_id: str, at: datetime) -> list[str]:
        said = []
        for seq in range(1, TURNS + 1):
            # The interviewer has the last word, so that nobody waits for one.
            is_reply = seq % 2 == 0 and seq < TURNS
            said.append(self._words.said(8 if is_reply else 3))
            batch.add(
                Utterance,
                interview_id=interview_id,
                seq=seq,
                speaker="candidate" if is_reply else "interviewer",
                kind="answer" if is_reply else "question",
                text=said[-1],
                question_number=min(QUESTIONS, 1 + (seq - 1) // 3),
                client_turn_id=f"turn-{seq}" if is_reply else None,
                turn_seq=None if is_reply else seq - 1,
                at=at + timedelta(minutes=seq),
            )
        return said

    def _entry(self, number: int, lines: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
        if self._on_sqlite:
            return {"number": number, "words": fts_document(lines), "who": fts_document(names)}
        hashes = {each for line in lines for each in gram_hashes(line)}
        hashes |= {each for name in names for each in who_hashes(name)}
        return {"number": number, "grams": sorted(hashes)}
