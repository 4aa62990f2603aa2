from app.interviews.flow.moves import Intent
from app.interviews.speaking.occasion import Heard
from evals.heard import report
from evals.utterances import UNSEEN, Utterance, read_utterances


def utterance(kind: str, text: str, also: str | None = None) -> Utterance:
    return Utterance(text, "one", "Why?", "en", kind, also, text)


def test_shares_count_answers_and_everything_else_apart() -> None:
    heard = {
        "because": Heard(),
        "delete it": Heard(Intent.SKIP),
        "yes, is it paid?": Heard(beside=Intent.ABOUT_JOB),
        "what?": Heard(Intent.EXPLAIN),
        "is it paid?": Heard(Intent.ABOUT_CASE),
        "hm": Heard(),
    }
    result = report(
        [
            utterance("answer", "because"),
            utterance("answer", "delete it"),
            utterance("mixed", "yes, is it paid?"),
            utterance("repeat", "what?", also="explain"),
            utterance("about_job", "is it paid?"),
            utterance("time", "hm"),
        ],
        heard.__getitem__,
    )
    assert result.figures["kinds.lost"] == 1 / 3
    assert result.figures["kinds.recognised"] == 2 / 3
    assert result.figures["kinds.right"] == 1 / 3
    assert (result.figures["kinds.asides"], result.figures["kinds.asides_invented"]) == (1, 0)


def test_every_utterance_has_a_kind_and_none_that_is_measured_was_learnt() -> None:
    learnt, unseen = read_utterances(), read_utterances(UNSEEN)
    assert {u.kind for u in learnt} == {u.kind for u in unseen} == {*Intent, "mixed"} - {Intent.WAVERS}
    for utterances, least in ((learnt, 800), (unseen, 550)):
        assert all(u.also is None or u.also in [*Intent] for u in utterances)
        assert len({u.id for u in utterances}) == len(utterances) >= least
    assert {u.writer for u in learnt}.isdisjoint({u.writer for u in unseen})
