"""Whether replies are heard as what they are: figures over written utterances."""

from collections.abc import Callable, Sequence

from app.interviews.flow.intents import IntentLexicon
from app.interviews.flow.moves import Intent
from app.interviews.speaking.kinds import build_classifier
from app.interviews.speaking.occasion import Heard
from app.settings import Settings
from evals import metrics
from evals.results import Cell, Figure, Row, SuiteResult, Table
from evals.utterances import MIXED, Utterance

NAME = "kinds"
Classify = Callable[[str], Heard]


def production(settings: Settings) -> Classify:
    """What hears replies in an interview: the phrases that are known word by word, then the classifier."""
    phrases, classifier = IntentLexicon.from_folder(settings.prompts_dir), build_classifier()

    def classify(reply: str) -> Heard:
        known = phrases.recognise(reply)
        return classifier.classify(reply) if known is Intent.ANSWER else Heard(known)

    return classify


def figures(utterances: Sequence[Utterance], classify: Classify) -> dict[str, Figure]:
    """Shares 0..1, see `report`."""
    return report(utterances, classify).figures


def report(utterances: Sequence[Utterance], classify: Classify) -> SuiteResult:
    """Shares 0..1 of the utterances, and each as a row.

    `lost`: answers, mixed ones among them, taken for something else; `recognised`: other utterances not
    taken for answers; `right`: those whose kind is right or as right; `asides`: mixed ones whose question
    was heard; `asides_invented`: plain answers in which one was heard.
    """
    heard = [(utterance, classify(utterance.text)) for utterance in utterances]
    answers = [(u, h) for u, h in heard if u.is_answer]
    others = [(u, h) for u, h in heard if not u.is_answer]
    found: dict[str, Figure] = {
        f"{NAME}.lost": metrics.share([h.intent != "answer" for _, h in answers]),
        f"{NAME}.recognised": metrics.share([h.intent != "answer" for _, h in others]),
        f"{NAME}.right": metrics.share([h.intent in (u.kind, u.also) for u, h in others]),
        f"{NAME}.asides": metrics.share([h.beside is not None for u, h in answers if u.kind == MIXED]),
        f"{NAME}.asides_invented": metrics.share(
            [h.beside is not None for u, h in answers if u.kind != MIXED]
        ),
    }
    return SuiteResult(
        figures=found,
        tables=[_table("Kind", "kind", heard), _table("Language", "language", heard)],
        rows=[_row(*pair) for pair in heard],
    )


def _table(title: str, attribute: str, heard: Sequence[tuple[Utterance, Heard]]) -> Table:
    rows: list[list[Cell]] = []
    for value in sorted({getattr(u, attribute) for u, _ in heard}):
        some = [(u, h) for u, h in heard if getattr(u, attribute) == value]
        rows.append(
            [
                value,
                len(some),
                metrics.share([(h.intent == "answer") == u.is_answer for u, h in some]),
                metrics.share([_is_right(u, h) for u, h in some]),
            ]
        )
    columns = (title.lower(), "utterances", "answer or not: right", "kind: right")
    return Table(f"By {title.lower()}", columns, rows)


def _is_right(utterance: Utterance, heard: Heard) -> bool:
    if utterance.is_answer:
        return heard.intent == "answer"
    return heard.intent in (utterance.kind, utterance.also)


def _row(utterance: Utterance, heard: Heard) -> Row:
    beside = f" + {heard.beside}" if heard.beside else ""
    return {
        "id": utterance.id,
        "input": utterance.text,
        "output": f"{heard.intent}{beside}",
        "target": utterance.kind,
        "score": float(_is_right(utterance, heard)),
    }
