"""What is measured of the recruiter's desk: the requests of a browser, one after another."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import httpx
from wordfreq import top_n_list

from evals.performance.desk.generator import DAYS, TEMPLATES
from evals.performance.desk.visitor import Visitor
from evals.performance.row import Row
from evals.performance.service import ServiceProcess

LIST_MS = 150.0
TRANSCRIPT_MS = 100.0
COMPARE_MS = 150.0
TRUST_MS = 300.0
EXPORT_GROWTH_MB = 64.0
_DEEP = 200
_SAMPLED_EVERY_SECONDS = 0.02

Query = Mapping[str, str]

# Said in most interviews, in some, and, of the words that are rarely used at all, in a few.
_COMMON = ("客户", "问题", "我们", "服务", "自己", "情况", "工作", "时间", "的", "我")
_PHRASES = ("客户的", "不满意", "怎么做", "投诉处理", "一步一步", "没有发脾气")
_RARE = [word for word in top_n_list("zh", 30_000)[25_000:] if not word.isascii() and len(word) == 2]
_NEVER = ("鱻麤", "zzyzx")


@dataclass(frozen=True)
class Desk:
    """A running service, who visits it, and how many requests make a figure."""

    service: ServiceProcess
    visitor: Visitor
    requests: int


def rows(desk: Desk) -> Iterator[Row]:
    """The lines of the table, as they are measured."""
    with httpx.Client(
        base_url=desk.service.base_url,
        cookies={"recruiter": desk.visitor.token},
        headers={"accept-language": "zh-CN"},
        timeout=120,
    ) as client:
        for _ in range(5):
            client.get("/recruiter").raise_for_status()
        for what, query in _cases().items():
            yield _row(f"list: {what}", LIST_MS, desk, _list_request(client, query))
        yield from _deep_pages(client, desk)
        yield _row("transcript page", TRANSCRIPT_MS, desk, _transcript_request(client, desk.visitor))
        for many in (2, 5):
            yield _row(f"compare {many}", COMPARE_MS, desk, _compare_request(client, desk.visitor, many))
        for days in (30, 90, 365):
            yield _row(f"trust page, {days} days", TRUST_MS, desk, _trust_request(client, days))
        yield from _exports(client, desk)


def _cases() -> dict[str, Callable[[int], Query]]:
    cases: dict[str, Callable[[int], Query]] = {"default order": lambda n: {}}
    for sort in ("newest", "oldest", "score_down", "score_up", "flags"):
        cases[f"sort {sort}"] = lambda n, sort=sort: {"sort": sort}  # type: ignore[misc]
    filters: dict[str, Callable[[int], Query]] = {
        "template": lambda n: {"template": f"{n % TEMPLATES:032x}"},
        "bank": lambda n: {"bank": "customer-service-specialist"},
        "no such bank": lambda n: {"bank": f"none-{n}"},
        "mode": lambda n: {"mode": ("practice", "assessment")[n % 2]},
        "status": lambda n: {"status": ("open", "paused", "ended")[n % 3]},
        "score": lambda n: {"least": str(n % 10 * 10), "most": str(n % 10 * 10 + 10)},
        "flagged": lambda n: {"flagged": ("yes", "no")[n % 2]},
        "disputed": lambda n: {"disputed": ("yes", "no")[n % 2]},
        "unscored": lambda n: {"unscored": ("yes", "no")[n % 2]},
        "released": lambda n: {"released": ("yes", "no")[n % 2]},
        "reviewed": lambda n: {"reviewed": ("yes", "no")[n % 2]},
        "a week": lambda n: {"since": str(_day(n)), "until": str(_day(n + 7))},
        "rare together": lambda n: {
            "template": f"{n % TEMPLATES:032x}",
            "disputed": "yes",
            "status": "open",
            "sort": ("score_down", "newest", "flags")[n % 3],
        },
    }
    cases |= {f"filter {what}": query for what, query in filters.items()}
    searches: dict[str, Callable[[int], str]] = {
        "1 common word": lambda n: _COMMON[n % len(_COMMON)],
        "2 common words": lambda n: f"{_COMMON[n % 8]} {_COMMON[(n + 1) % 8]}",
        "3 common words": lambda n: " ".join(_COMMON[(n + step) % 8] for step in range(3)),
        "longer runs": lambda n: _PHRASES[n % len(_PHRASES)],
        "1 rare word": lambda n: _RARE[n * 7 % len(_RARE)],
        "rare and common": lambda n: f"{_RARE[n * 7 % len(_RARE)]} {_COMMON[n % 8]}",
        "never said": lambda n: _NEVER[n % len(_NEVER)],
        "a name": lambda n: "赵钱孙李周吴"[n % 6] + ("晓明", "思远", "雨桐")[n % 3],
        "a reference": lambda n: f"HR{1 + n * 37:07d}",
    }
    for what, words in searches.items():
        cases[f"search {what}"] = lambda n, words=words: {"q": words(n)}  # type: ignore[misc]
    for sort in ("newest", "score_down"):
        cases[f"search 1 common word, {sort}"] = lambda n, sort=sort: {  # type: ignore[misc]
            "q": _COMMON[n % len(_COMMON)],
            "sort": sort,
        }
    cases["search 1 common word, disputed"] = lambda n: {"q": _COMMON[n % len(_COMMON)], "disputed": "yes"}
    return cases


def _day(number: int) -> date:
    """One of the days that the interviews lie on, later ones for higher numbers."""
    return _days_ago(DAYS - 100) + timedelta(days=number * 5)


def _days_ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)


def _list_request(client: httpx.Client, query: Callable[[int], Query]) -> Callable[[int], None]:
    def request(number: int) -> None:
        # A last day after all interviews changes nothing, but no distribution kept from before fits it.
        narrowed = {"until": str(date(2030, 1, 1) + timedelta(days=number)), **query(number)}
        client.get("/recruiter", params=narrowed).raise_for_status()

    return request


def _transcript_request(client: httpx.Client, visitor: Visitor) -> Callable[[int], None]:
    def request(number: int) -> None:
        client.get(f"/recruiter/interviews/{visitor.samples[number]}").raise_for_status()

    return request


def _compare_request(client: httpx.Client, visitor: Visitor, many: int) -> Callable[[int], None]:
    def request(number: int) -> None:
        last = len(visitor.comparable)
        chosen = [visitor.comparable[(number * many + place) % last] for place in range(many)]
        client.get("/recruiter/compare", params={"ids": chosen}).raise_for_status()

    return request


def _trust_request(client: httpx.Client, days: int) -> Callable[[int], None]:
    def request(_: int) -> None:
        client.get("/recruiter/trust", params={"days": days}).raise_for_status()

    return request


def _deep_pages(client: httpx.Client, desk: Desk) -> Iterator[Row]:
    """Pages one after another as the API hands out their cursors."""
    for sort in ("attention", "score_down"):
        cursor: str | None = None
        seconds = []
        used = desk.service.processor_seconds()
        for _ in range(_DEEP):
            started = time.perf_counter()
            query = {"sort": sort, **({"after": cursor} if cursor else {})}
            answer = client.get("/api/v1/recruiting/interviews", params=query).raise_for_status()
            seconds.append(time.perf_counter() - started)
            cursor = answer.json()["next"]
            if cursor is None:
                break
        used = desk.service.processor_seconds() - used
        yield _figure(f"list: {len(seconds)} pages on, {sort}", LIST_MS, seconds, used)


def _exports(client: httpx.Client, desk: Desk) -> Iterator[Row]:
    whole: Query = {}
    some: Query = {"since": str(_days_ago(90))}
    for kind, query, what in (("csv", whole, "all"), ("xlsx", whole, "all"), ("jsonl", some, "3 months")):
        before = desk.service.resident_bytes()
        highest = [before]
        done = threading.Event()
        watch = threading.Thread(target=_watch, args=(desk.service, highest, done))
        watch.start()
        started = time.perf_counter()
        size = 0
        with client.stream("POST", "/recruiter/export", data={"format": kind, **query}) as answer:
            answer.raise_for_status()
            for piece in answer.iter_raw():
                size += len(piece)
        seconds = time.perf_counter() - started
        done.set()
        watch.join()
        yield Row(
            f"export {kind}, {what}: memory grows by",
            (highest[0] - before) / 1e6,
            "MB",
            EXPORT_GROWTH_MB,
            f"{size / 1e6:.1f} MB in {seconds:.0f} s",
        )


def _watch(service: ServiceProcess, highest: list[int], done: threading.Event) -> None:
    while not done.wait(_SAMPLED_EVERY_SECONDS):
        highest[0] = max(highest[0], service.resident_bytes())


def _row(what: str, target: float, desk: Desk, request: Callable[[int], None]) -> Row:
    seconds = []
    used = desk.service.processor_seconds()
    for number in range(desk.requests):
        started = time.perf_counter()
        request(number)
        seconds.append(time.perf_counter() - started)
    return _figure(what, target, seconds, desk.service.processor_seconds() - used)


def _figure(what: str, target: float, seconds: list[float], used: float) -> Row:
    """The 95th percentile; beside it the median and the service's own processor time a request."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))] * 1000
    median = statistics.median(ordered) * 1000
    return Row(what, p95, "ms", target, f"p50 {median:.0f} ms, processor {used / len(seconds) * 1000:.0f} ms")
