"""What interviews took: seconds, tokens, failures. Pure."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from app.recruiting.trust.repository import NOT_FAILED, Call, ModelCalls
from app.recruiting.trust.schemas import Counted, ModelUse, Outcome, PurposeUse, Running, Seconds

_ID_LENGTH = 32


def running(
    replies: Sequence[float],
    interviews: Counted,
    calls: Sequence[Call],
    of_calls: Counted,
    by_model: Sequence[ModelCalls],
) -> Running:
    """`replies` are seconds, `calls` the newest ones, `of_calls` how many these are of how many.

    `by_model` sums up all calls, whose seconds are taken from the newest ones.
    """
    by_purpose: dict[str, list[Call]] = {}
    by_interview: dict[str, list[Call]] = {}
    for call in calls:
        by_purpose.setdefault(call.purpose, []).append(call)
        interview_id, slash, _ = call.about.partition("/")
        if slash and len(interview_id) == _ID_LENGTH:
            by_interview.setdefault(interview_id, []).append(call)
    failures = Counter(call.outcome for call in calls if call.outcome not in NOT_FAILED)
    tokens = [
        sum(call.prompt_tokens + call.completion_tokens for call in of_one)
        for of_one in by_interview.values()
    ]
    return Running(
        replies=seconds(replies),
        reply_interviews=interviews,
        calls=of_calls,
        purposes=[_purpose(name, by_purpose[name]) for name in sorted(by_purpose)],
        models=[
            _model(sums, [call for call in calls if call.model == sums.model])
            for sums in sorted(by_model, key=lambda each: -each.calls)
        ],
        failures=[Outcome(outcome=name, calls=count) for name, count in failures.most_common()],
        interviews_with_calls=len(by_interview),
        tokens_per_interview=float(np.median(tokens)) if tokens else None,
        cached_share=_cached(calls),
    )


def seconds(durations: Sequence[float]) -> Seconds:
    """The middle of the durations, and what 95 % of them don't exceed."""
    if not durations:
        return Seconds(count=0, p50=None, p95=None)
    p50, p95 = np.percentile(durations, [50, 95])
    return Seconds(count=len(durations), p50=float(p50), p95=float(p95))


def _purpose(name: str, calls: Sequence[Call]) -> PurposeUse:
    return PurposeUse(
        purpose=name,
        calls=len(calls),
        failed=sum(call.outcome not in NOT_FAILED for call in calls),
        seconds=seconds([call.seconds for call in calls]),
        prompt_tokens=sum(call.prompt_tokens for call in calls) / len(calls),
        completion_tokens=sum(call.completion_tokens for call in calls) / len(calls),
        cached_share=_cached(calls),
    )


def _model(sums: ModelCalls, newest: Sequence[Call]) -> ModelUse:
    return ModelUse(
        model=sums.model,
        calls=sums.calls,
        failed=sums.failed,
        failed_share=sums.failed / sums.calls,
        mean_seconds=sums.seconds / sums.calls,
        seconds=seconds([call.seconds for call in newest]),
        prompt_tokens=sums.prompt_tokens,
        completion_tokens=sums.completion_tokens,
        cached_share=sums.cached_tokens / sums.prompt_tokens if sums.prompt_tokens else None,
    )


def _cached(calls: Sequence[Call]) -> float | None:
    prompts = sum(call.prompt_tokens for call in calls)
    return sum(call.cached_tokens for call in calls) / prompts if prompts else None
