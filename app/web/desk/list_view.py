"""What the list's page shows around its rows: addresses, chips of what is narrowed, bars of the scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from app.recruiting.desk.filters import ListRequest
from app.recruiting.desk.schemas import BARS, Choices, InterviewList
from app.web.routing import HOME, with_query
from app.web.wording import Wording

_YES_NO = ("flagged", "disputed", "unscored", "released", "reviewed")
_BAR_HEIGHT = 48.0
_address = partial(with_query, HOME)


@dataclass(frozen=True)
class Chip:
    """One filter in words, and the address without it."""

    label: str
    address: str


@dataclass(frozen=True)
class Bar:
    """A tenth of the marks: from `least` percent, in words, its height in the picture, where it leads."""

    least: int
    label: str
    height: float
    address: str
    chosen: bool


@dataclass(frozen=True)
class ListView:
    """`total` and `without` a score are as people read them; `back` and `on` are the neighbouring pages."""

    given: dict[str, str]
    chips: list[Chip]
    bars: list[Bar]
    total: str
    without: str
    tells_scores: bool
    more_filters: int
    clear: str
    back: str | None
    on: str | None


def list_view(wanted: ListRequest, page: InterviewList, choices: Choices, t: Wording) -> ListView:
    """The parts of the page that its address decides."""
    given = wanted.filters.given()
    query = _query(wanted)
    chips = [Chip(label, _address(_without(query, *names))) for names, label in _chips(given, choices, t)]
    return ListView(
        given=given,
        chips=chips,
        bars=_bars(wanted, page, query, t),
        total=f"{page.total:,}",
        without=f"{page.distribution.without:,}",
        tells_scores=wanted.tells_scores,
        more_filters=sum(name not in ("q", "status", "template") for name in given),
        clear=_address({"sort": wanted.sort} if wanted.sort else {}),
        back=_address({**query, "before": page.previous}) if page.previous else None,
        on=_address({**query, "after": page.next}) if page.next else None,
    )


def list_address(wanted: ListRequest) -> str:
    """The address of a page of the list."""
    return _address({**_query(wanted), "after": wanted.after, "before": wanted.before})


def _query(wanted: ListRequest) -> dict[str, str]:
    return wanted.filters.given() | ({"sort": wanted.sort} if wanted.sort else {})


def _chips(given: Mapping[str, str], choices: Choices, t: Wording) -> list[tuple[tuple[str, ...], str]]:
    titles = {"template": dict(choices.templates), "bank": dict(choices.banks)}
    found: list[tuple[tuple[str, ...], str]] = []
    for name, value in given.items():
        if name == "q":
            label = t("list.chip.q", words=value)
        elif name in titles:
            label = titles[name].get(value, value)
        elif name == "mode":
            label = t(f"mode.{value}")
        elif name == "status":
            label = t(f"recruiter.{value}")
        elif name in _YES_NO:
            label = t(f"list.chip.{name}_{value}")
        elif name == "least" or (name == "most" and "least" not in given):
            least, most = given.get("least", "0"), given.get("most", "100")
            found.append((("least", "most"), t("list.chip.share", least=least, most=most)))
            continue
        elif name == "most":
            continue
        else:
            label = t(f"list.chip.{name}", day=value)
        found.append(((name,), label))
    return found


def _bars(wanted: ListRequest, page: InterviewList, query: Mapping[str, str], t: Wording) -> list[Bar]:
    counts = page.distribution.counts
    highest = max(*counts, 1)
    step = 100 // BARS
    bars = []
    for place, count in enumerate(counts):
        least, most = place * step, (place + 1) * step
        chosen = (wanted.least, wanted.most) == (least, most)
        rest = _without(query, "least", "most")
        bars.append(
            Bar(
                least=least,
                label=t("list.bar", least=least, most=most, n=f"{count:,}"),
                # The least there is must still be seen.
                height=max(2.0, round(count / highest * _BAR_HEIGHT, 1)) if count else 0.0,
                address=_address(rest if chosen else {**rest, "least": str(least), "most": str(most)}),
                chosen=chosen,
            )
        )
    return bars


def _without(query: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in query.items() if name not in names}
