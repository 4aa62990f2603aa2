"""Whether follow-ups ask for what is missing, and win it back, in whole interviews with scripted candidates.

A candidate knows every point of its question, holds two back, and tells one of them only when a follow-up is
about it, which the follow-up's own words decide and not what the service recorded.
"""

from collections import Counter
from collections.abc import Sequence

from app.banks.library import BankLibrary
from app.interviews.schemas import NewInterview
from evals import metrics
from evals.bench import Bench
from evals.interviews.conversations import Conversation, FollowUp
from evals.interviews.interviewing import InterviewFailedError, hold_interview, interview_service
from evals.interviews.scripted import ScriptedInterview, small_banks
from evals.labelled import SHIPPED, STATEMENTS, held_out_replies
from evals.results import Cell, Figure, Row, SuiteResult, Table
from evals.variations.statements import read_statements

NAME = "follow_ups"
INTERVIEWS = 12
MOST_FOLLOW_UPS = 2


async def run(bench: Bench) -> SuiteResult:
    """Interviews over the shipped banks' held-out questions, two questions each, one after the other."""
    ids = dict.fromkeys(reply.question_id for reply in held_out_replies((SHIPPED,)) if reply.question_id)
    questions = {id: bench.banks.question(id)[2] for id in ids}
    statements = read_statements(questions, STATEMENTS)
    banks = [small for bank in bench.banks.banks.values() for small in small_banks(bank, questions)]
    plans = [(number, banks[number % len(banks)]) for number in range(INTERVIEWS if banks else 0)]
    held: list[Conversation] = []
    failed: list[Row] = []
    async with interview_service(bench, BankLibrary({bank.id: bank for bank in banks})) as service:
        for number, bank in bench.progress(bench.limited(plans), label=NAME):
            name = f"{number + 1}"
            interview = ScriptedInterview(name, bank, statements, bench.embedder, number // len(banks))
            wanted = NewInterview(bank=bank.id, follow_ups=MOST_FOLLOW_UPS, mode="assessment", seed=0)
            try:
                exchanges = await hold_interview(service, wanted, interview.answer)
            except InterviewFailedError as error:
                failed.append({"id": name, "bank": bank.id, "score": None, "failure": str(error)})
            else:
                held += interview.conversations(exchanges)
    return report(held, failed)


def report(held: Sequence[Conversation], failed: Sequence[Row] = ()) -> SuiteResult:
    """The figures, tables by question and of acknowledgements, and each question's transcript as a row.

    `failed` are rows of interviews that did not come to their end.
    """
    return SuiteResult(
        figures=figures(held),
        tables=[_by_question(held), _acknowledgements(held)],
        rows=[*map(_row, held), *failed],
        not_scored=sum(not one.is_scored for one in held) + len(failed),
    )


def figures(held: Sequence[Conversation]) -> dict[str, Figure]:
    """Shares 0..1, but `asked` and `leaks`, which count follow-ups.

    `recovery` = `revealed` (held-back points that were asked for) times the mean credit a revealed point won.
    """
    scored = [one for one in held if one.is_scored]
    points = [(one, point) for one in scored for point in one.held_back]
    won = [one.won_back(point) for one, point in points]
    told = [one.won_back(point) for one, point in points if point in one.revealed]
    asked = [follow_up for one in held for follow_up in one.follow_ups]
    heard = [follow_up.acknowledgement for follow_up in asked if follow_up.acknowledgement]
    return {
        f"{NAME}.recovery": sum(won) / len(won) if won else None,
        f"{NAME}.revealed": len(told) / len(won) if won else None,
        f"{NAME}.credited_when_revealed": sum(told) / len(told) if told else None,
        f"{NAME}.asked": len(asked),
        f"{NAME}.aim": metrics.share([one.is_aimed for one in asked]),
        f"{NAME}.wasted": metrics.share([one.is_wasted for one in asked]),
        f"{NAME}.unclear": metrics.share([one.point is None for one in asked]),
        f"{NAME}.recorded_aim": metrics.share([one.point == one.recorded for one in asked]),
        f"{NAME}.leaks": sum(bool(one.leaks) for one in asked) if asked else None,
        f"{NAME}.one_question": metrics.share([one.asks_once for one in asked]),
        f"{NAME}.natural": metrics.share([not one.faults for one in asked]),
        f"{NAME}.distinct_acknowledgements": len(set(heard)) / len(heard) if heard else None,
    }


def _by_question(held: Sequence[Conversation]) -> Table:
    rows: list[list[Cell]] = [
        [
            one.id,
            ", ".join(one.held_back),
            ", ".join(_asked_about(follow_up) for follow_up in one.follow_ups),
            ", ".join(one.revealed) or "none",
            sum(map(one.won_back, one.held_back)) if one.is_scored else None,
        ]
        for one in held
    ]
    return Table(
        "Follow-ups by question",
        ("interview and question", "held back", "asked about", "told", "credits won back"),
        rows,
        "In brackets: a point already told, which wastes a follow-up. A question mark: it is not clear.",
    )


def _asked_about(follow_up: FollowUp) -> str:
    if follow_up.point is None:
        return "?"
    return f"({follow_up.point})" if follow_up.is_wasted else follow_up.point


def _acknowledgements(held: Sequence[Conversation]) -> Table:
    heard = Counter(follow_up.acknowledgement for one in held for follow_up in one.follow_ups)
    rows: list[list[Cell]] = [[words or "none", times] for words, times in heard.most_common()]
    return Table(
        "Words that acknowledge a reply before a follow-up",
        ("words", "times"),
        rows,
        "Naturalness is checked by rules only: no acknowledgement twice in a row, no words about scoring or "
        "prompts, no markup, neither very short nor very long.",
    )


def _recovery(one: Conversation) -> float | None:
    if not one.is_scored or not one.held_back:
        return None
    return sum(map(one.won_back, one.held_back)) / len(one.held_back)


def _row(one: Conversation) -> Row:
    return {
        "id": one.id,
        "question_id": one.question.id,
        "input": one.transcript,
        "target": list(one.held_back),
        "output": list(one.revealed),
        "score": _recovery(one),
        "follow_ups": [follow_up.text for follow_up in one.follow_ups],
        "asked_about": [follow_up.point for follow_up in one.follow_ups],
        "recorded_aims": [follow_up.recorded for follow_up in one.follow_ups],
        "acknowledgements": [follow_up.acknowledgement for follow_up in one.follow_ups],
        "faults": [fault for follow_up in one.follow_ups for fault in follow_up.faults],
        "leaks": [leak for follow_up in one.follow_ups for leak in follow_up.leaks],
        "credits_at_first": dict(one.exchanges[0].credits),
        "credits_at_last": dict(one.exchanges[-1].credits),
    }
