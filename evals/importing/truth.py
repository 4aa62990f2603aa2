"""What a document holds, written down by reading it: `datasets/importing/**/*.truth.yaml`."""

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from evals.importing.wording import Wording, Written

DATASET = Path(__file__).parents[1] / "datasets" / "importing"
DOCUMENTS = DATASET / "documents"
SEEDS = DATASET / "seeds"
_SUFFIX = ".truth.yaml"

Split = Literal["seen", "held-out", "seed"]
"""Whether the importer's rules were made with the document in view: ours that were, ours that were not, and
the two documents that the importer was asked for."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _in_a_field(name: str) -> BeforeValidator:
    """Lets a part be written as its text alone."""
    return BeforeValidator(lambda given: {name: given} if isinstance(given, str) else given)


class TruePoint(_Part):
    """`under` is the list item it is nested in, which a draft may put before it. `marks` only where the
    document gives marks to single points. An `optional` point is one that the document cuts off. `within`
    holds digests of the point behind the item, which can't be put together from two digests."""

    text: Written
    under: Written | None = None
    within: tuple[Written, ...] = ()
    marks: float | None = None
    optional: bool = False

    def wordings(self) -> list[Wording]:
        """Every wording that counts as this point: alone, or behind the item that it is nested in."""
        joined = [Wording(self.under.clear + self.text.clear)] if self.under and self.text.clear else []
        return [self.text, *joined, *self.within]


class TrueAnswer(_Part):
    """A model answer: whole, or its first and last sentence."""

    whole: Written | None = None
    opens: Written | None = None
    closes: Written | None = None

    def given_by(self, found: str | None) -> bool:
        """Whether the found text is this answer."""
        if not found:
            return False
        if self.whole is not None:
            return self.whole.same(found)
        begins = self.opens is None or self.opens.opens(found)
        return begins and (self.closes is None or self.closes.closes(found))


class TrueQuestion(_Part):
    """`marks` are those of the question, also where the document only gives them for a whole section."""

    text: Written
    marks: float | None = None
    points: list[Annotated[TruePoint, _in_a_field("text")]] = []
    answer: Annotated[TrueAnswer, _in_a_field("whole")] | None = None
    examines: Written | None = None
    incomplete: bool = False


class TrueSection(_Part):
    """`title` is None for the questions of a document that has no sections."""

    title: Written | None = None
    questions: list[TrueQuestion] = Field(min_length=1)


class Damaging(_Part):
    """Arguments of `evals.importing.damage.damage`."""

    seed: int
    glossed: float = 0.2
    breaks: float = 0.3
    losses: float = 0.0


class Truth(_Part):
    """`damage` lists the ways the document's text is also damaged. `sentences` are those in which the
    document itself was damaged, in their right wording. `layout` is how a binary document was made."""

    document: str
    language: str
    split: Split
    damage: list[Damaging] = []
    layout: dict[str, Any] = {}
    sections: list[TrueSection] = Field(min_length=1)
    sentences: list[Written] = []


def truths(folder: Path) -> list[Truth]:
    """Every truth in a folder, by file name."""
    return [read_truth(path) for path in sorted(folder.glob(f"*{_SUFFIX}"))]


def read_truth(path: Path) -> Truth:
    """One truth file. Raises pydantic's `ValidationError` on an unknown field."""
    return Truth.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
