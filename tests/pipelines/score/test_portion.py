"""A portion suits whoever reads it."""

from chorus.pipelines.score_portion import FIRST, Portion


def test_it_grows_while_answers_are_quick_up_to_the_most_there_may_be():
    portion = Portion(1000)
    sizes = []
    for _ in range(5):
        sizes.append(portion.size)
        portion.learn(portion.size, portion.size, 0.05)
    assert sizes == [128, 1000, 1000, 1000, 1000]


def test_it_shrinks_over_slow_answers_and_stays_over_those_between():
    portion = Portion(1000)
    portion.learn(FIRST, FIRST, 31)
    assert portion.size == FIRST / 2
    portion.learn(portion.size, portion.size, 10)
    assert portion.size == FIRST / 2
    for _ in range(20):
        portion.learn(portion.size, portion.size, 31)
    assert portion.size == 1


def test_texts_that_were_known_say_nothing_of_how_quick_the_model_is():
    portion = Portion(1000)
    portion.learn(FIRST, 3, 0.01)
    assert portion.size == FIRST


def test_few_posts_at_a_time_are_few_from_the_start():
    assert Portion(10).next == 10


def test_towards_the_end_each_takes_a_part_of_what_is_left():
    portion = Portion(5000)
    portion.size, portion.behind = 5000, 20_000
    taken = []
    while portion.behind:
        taken.append(min(portion.next, portion.behind))
        portion.behind -= taken[-1]
    assert taken[:3] == [5000, 3750, 2812]
    assert max(taken[-3:]) <= FIRST
    assert len(taken) < 30


def test_what_reads_slowly_is_not_given_more_because_much_is_left():
    portion = Portion(5000)
    portion.size, portion.behind = 4, 10**6
    assert portion.next == 4
