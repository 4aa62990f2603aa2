from evals.labelled import held_out_replies
from evals.scored import spread


def test_a_sample_holds_every_kind_of_reply() -> None:
    replies = held_out_replies()
    few = spread(replies, 60)
    assert len(few) == 60
    assert [replies.index(one) for one in few] == sorted(replies.index(one) for one in few)
    common = {kind for kind in {r.kind for r in replies} if sum(r.kind == kind for r in replies) >= 5}
    assert common <= {reply.kind for reply in few}
