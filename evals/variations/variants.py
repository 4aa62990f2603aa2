"""A reply and its variants: worded otherwise, with one statement less, with one more. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.scoring.rubric import AnswerPart, Item
from evals.labelled import Reply
from evals.variations.composing import ComposedReply, Sentence, composed, part_of
from evals.variations.rewording import REWORDINGS, Rewording, reworded
from evals.variations.statements import Statements

BASE, DELETED, ADDED = "base", "deleted", "added"
RESTATED = ("paraphrase", "point_order", "filler")
KEPT_CHANGES = (*RESTATED, *REWORDINGS)
"""Every change that leaves the meaning alone."""
EMPTY_CHANGES = ("padding", "filler", "hesitations", "names")
"""Those among them that nobody may gain by."""
DELETIONS = ADDITIONS = 2


@dataclass(frozen=True)
class Variant:
    """One text to judge. `base` is the id of the reply it varies; `point` the one deleted or added."""

    id: str
    base: str
    change: str
    item: Item
    text: str
    point: str | None = None
    covered: tuple[str, ...] | None = None
    """Ids of the points a composed reply says; None where that is not known by construction."""
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Where in `text` a composed reply says each of them, half-open, in code points."""

    @property
    def parts(self) -> list[AnswerPart]:
        return [AnswerPart(1, self.text)]


def composed_variants(
    question_id: str, item: Item, statements: Statements, rewording: Rewording
) -> list[Variant]:
    """A reply made of statements that leaves a third of the points unsaid, and all its variants."""
    ids = [point.id for point in item.points]
    said = part_of(ids, question_id)
    base = composed(statements, said, seed=question_id, joined_by=rewording.sentences_joined_by)

    def variant(change: str, reply: ComposedReply, point: str | None = None) -> Variant:
        name = f"{question_id}-{change}" + (f"-{point}" if point else "")
        return Variant(name, question_id, change, item, reply.text, point, tuple(reply.covered), reply.places)

    restated = {
        "paraphrase": base.paraphrased(statements),
        "point_order": base.shuffled(f"{question_id} again"),
        "filler": base.filled(statements.filler),
    }
    variants = [variant(BASE, base)]
    variants += [variant(change, reply) for change, reply in restated.items() if reply.text != base.text]
    variants += _rewordings(variants[0], rewording)
    if len(said) > 1:
        variants += [variant(DELETED, base.without(point), point) for point in said[:DELETIONS]]
    for number, point in enumerate([point for point in ids if point not in said][:ADDITIONS]):
        sentence = Sentence(statements.points[point][0], point)
        variants.append(variant(ADDED, base.with_sentence(sentence, number + 1), point))
    return variants


def reply_variants(reply: Reply, item: Item, rewording: Rewording) -> list[Variant]:
    """A labelled reply and its rewordings."""
    base = Variant(f"{reply.id}-{BASE}", reply.id, BASE, item, reply.answer)
    return [base, *_rewordings(base, rewording)]


def whole_groups(groups: Iterable[list[Variant]], most: int) -> list[Variant]:
    """The variants of as many bases as fit into `most`, at least of one: a base alone tells nothing."""
    taken: list[Variant] = []
    for group in groups:
        if taken and len(taken) + len(group) > most:
            break
        taken += group
    return taken


def _rewordings(base: Variant, rewording: Rewording) -> list[Variant]:
    texts = {name: reworded(name, base.text, rewording, base.base) for name in REWORDINGS}
    return [
        Variant(f"{base.base}-{name}", base.base, name, base.item, text, covered=base.covered)
        for name, text in texts.items()
        if text is not None
    ]
