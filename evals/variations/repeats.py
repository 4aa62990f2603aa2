"""The same reply scored again and again: how far its cards differ. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.scoring.card import QuestionScore


@dataclass(frozen=True)
class RepeatedReply:
    """The cards of one reply, in the order they were made; points are told apart by their ids."""

    id: str
    kind: str
    cards: tuple[QuestionScore, ...]

    @property
    def credits(self) -> Mapping[str, tuple[float | None, ...]]:
        """Point id → its credit on every card, None where it was not scored."""
        by_card = [{point.id: point.credit for point in card.points} for card in self.cards]
        return {point: tuple(card[point] for card in by_card) for point in by_card[0]}

    @property
    def differing(self) -> list[str]:
        """Ids of the points with more than one credit; a point that was once not scored differs too."""
        return [point for point, credits in self.credits.items() if len(set(credits)) > 1]

    @property
    def totals(self) -> list[float]:
        """The totals there are, in marks."""
        return [card.score for card in self.cards if card.score is not None]

    @property
    def swing(self) -> float:
        """The highest total less the lowest, in marks; 0 with fewer than two."""
        return max(self.totals) - min(self.totals) if self.totals else 0.0

    @property
    def drift(self) -> float:
        """The largest difference between two confidences in the same point, 0..1."""
        by_point: dict[str, list[float]] = {}
        for card in self.cards:
            for point in card.points:
                if point.confidence is not None:
                    by_point.setdefault(point.id, []).append(point.confidence)
        return max((max(sure) - min(sure) for sure in by_point.values()), default=0.0)


def differing_share(replies: Sequence[RepeatedReply]) -> float | None:
    """The share of points that ever differ, 0..1. None for no points."""
    points = sum(len(reply.credits) for reply in replies)
    return sum(len(reply.differing) for reply in replies) / points if points else None


def by_repeat(replies: Sequence[RepeatedReply]) -> list[list[float | None]]:
    """Credits as `[repeats, points]`, the shape of raters and units."""
    units = [credits for reply in replies for credits in reply.credits.values()]
    return [list(repeat) for repeat in zip(*units, strict=True)]


def totals_by_reply(replies: Sequence[RepeatedReply]) -> list[list[float]]:
    """Totals as `[replies, repeats]`, of the replies that were scored in every repeat."""
    return [reply.totals for reply in replies if len(reply.totals) == len(reply.cards)]
