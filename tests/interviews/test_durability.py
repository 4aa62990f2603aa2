"""The service is killed over and over; no reply is lost and none is answered twice."""

import asyncio
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import PROJECT_DIR
from tests.interviews.killable import KillableService, StubbornCandidate

KILLS = 30
SEED = 20260101
# Seconds before each answer of the endpoint and each piece of it: long enough to be hit.
DELAY, PIECE_DELAY = 0.05, 0.01


@pytest.fixture
def endpoint_url() -> Iterator[str]:
    """A fake endpoint in a process of its own, so that it outlives the kills."""
    child = subprocess.Popen(
        [sys.executable, "-m", "evals.servers.endpoint", f"--delay={DELAY}", f"--piece-delay={PIECE_DELAY}"],
        cwd=PROJECT_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    with child.stdout:
        yield child.stdout.readline().strip()
        child.kill()
        child.wait()


@pytest.fixture
def service(tmp_path: Path, endpoint_url: str, shipped_index: Path) -> Iterator[KillableService]:
    shutil.copytree(shipped_index, tmp_path / "data")
    service = KillableService(
        tmp_path,
        {
            "INTERVIEWER_LLM_BASE_URL": endpoint_url,
            "INTERVIEWER_LLM_API_KEY": "none",
            "INTERVIEWER_LLM_MODEL": "fake",
            "INTERVIEWER_JUDGE_REPEATS": "0",  # its verdicts have no evidence, so each would be asked thrice
        },
    )
    yield service
    service.kill()


@pytest.mark.timeout(1200)
async def test_thirty_kills_lose_no_reply_and_answer_none_twice(service: KillableService) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    service.start()
    await service.ready()
    candidate = StubbornCandidate(service)
    holding = asyncio.create_task(candidate.hold_interviews())
    hit: Counter[str] = Counter()

    for number in range(KILLS):
        phase = ("reading", "writing", "idle")[number % 3]
        await reached(phase, candidate, holding)
        if number // 3 % 2:  # Half of the kills come at once, the others at any moment soon after.
            await asyncio.sleep(chance.uniform(0, 2 * DELAY))
        hit[candidate.phase] += 1
        service.kill()
        service.start()
        await service.ready()
    candidate.asked_to_stop = True
    await holding
    service.kill()

    print(f"kills while {dict(hit)}; {sum(map(len, candidate.replies.values()))} replies")
    assert set(hit) == {"reading", "writing", "idle"}, "a moment that matters was never hit"
    assert sum(map(len, candidate.replies.values())) >= len(hit)
    check_transcripts(service.folder / "data" / "interviewer.db", candidate.replies)


async def reached(phase: str, candidate: StubbornCandidate, holding: asyncio.Task[None]) -> None:
    """Until the candidate is in that phase. Raises what ended the interviews, if something did."""
    while True:
        reaching = asyncio.create_task(candidate.reaches(phase))
        await asyncio.wait({reaching, holding}, return_when=asyncio.FIRST_COMPLETED)
        if holding.done():
            await holding
        if candidate.phase == phase:
            return


def check_transcripts(database: Path, replies: dict[str, dict[str, str]]) -> None:
    """Every reply is stored once as it was sent, answered once, and judged; every interview has ended."""
    connection = sqlite3.connect(database)
    try:
        for interview_id, said in replies.items():
            status, state = connection.execute(
                "SELECT status, state FROM interviews WHERE id = ?", (interview_id,)
            ).fetchone()
            lines = connection.execute(
                "SELECT seq, speaker, text, client_turn_id, turn_seq, question_number FROM utterances"
                " WHERE interview_id = ? ORDER BY seq",
                (interview_id,),
            ).fetchall()
            judged = dict(
                connection.execute(
                    "SELECT number, card FROM question_scores WHERE interview_id = ?", (interview_id,)
                ).fetchall()
            )
            assert status == "ended", state
            assert [line[0] for line in lines] == list(range(1, len(lines) + 1))
            stored = {turn_id: text for _, speaker, text, turn_id, _, _ in lines if speaker == "candidate"}
            assert stored == said
            assert sum(line[1] == "candidate" for line in lines) == len(said)
            answered = [turn_seq for _, speaker, _, _, turn_seq, _ in lines if speaker == "interviewer"]
            assert answered == [0, *(line[0] for line in lines if line[1] == "candidate")]
            assert {line[5] for line in lines if line[1] == "candidate"} <= set(judged)
    finally:
        connection.close()
