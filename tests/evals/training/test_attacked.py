from evals.labelled import read_attacks, read_replies
from evals.training.__main__ import attacked


def test_only_attacks_and_replies_of_the_train_split_are_trained_on() -> None:
    attacks, replies = read_attacks(), read_replies()
    made = attacked(attacks, replies)
    held_out = {attack.id for attack in attacks if attack.split == "test"}
    assert made
    assert all(reply.split == "train" for reply in made)
    assert not held_out & {reply.id.partition("@")[0] for reply in made}


def test_an_attack_wins_nothing() -> None:
    attacks, replies = read_attacks(), {reply.id: reply for reply in read_replies()}
    expected = {attack.id: attack.expects for attack in attacks}
    for reply in attacked(attacks, list(replies.values())):
        attack, base = reply.id.split("@")
        alone = expected[attack] == "near-zero"
        assert reply.credits == ((0.0,) * len(reply.points) if alone else replies[base].credits)
        assert reply.answer != replies[base].answer
