"""Why a review can't be changed just now."""

from app.errors import ConflictError


class ChangedMeanwhileError(ConflictError):
    """Someone else decided, or the scorer judged anew, after the reviewer read the point."""

    title = "Decided meanwhile"

    def __init__(self, number: int, point_id: str) -> None:
        self.number = number
        self.point_id = point_id
        super().__init__(
            f"point {point_id!r} of question {number} was decided meanwhile",
            hint="Read what was decided, then send yours again with the new `seen` and `mark`.",
        )


class UnderBlindReviewError(ConflictError):
    """The reviewer has to judge first, without the scores."""

    title = "Finish the blind review first"

    def __init__(self) -> None:
        super().__init__(
            "scores are hidden until your blind review is finished",
            hint="Give your verdicts, then finish the blind review.",
        )


class BlindReviewOverError(ConflictError):
    """The scores were shown; no verdict can be blind any more."""

    title = "Not blind any more"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, hint="Override the points you see differently.")


class NotJudgeableError(ConflictError):
    """There is nothing to decide on yet."""

    title = "Nothing to judge yet"
