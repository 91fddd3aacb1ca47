"""Sharing a budget, against a pretended server that counts: no waiting for real, no server, only time made up."""

import heapq
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from chorus.domain.pace import (
    OPEN_FOR,
    PROBE_FOR,
    Pace,
    Turn,
    answered,
    failed,
    slowed,
    take_spare_turn,
    take_turn,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class CountingServer:
    """Allows so many requests in each window, and says so with every answer."""

    def __init__(self, limit, window, *, spent=0):
        self.limit, self.window = limit, window
        self.used = {0: spent}
        self.refusals = 0

    def ask(self, second):
        number = int(second // self.window)
        resets_in = timedelta(seconds=(number + 1) * self.window - second)
        if self.used.setdefault(number, 0) >= self.limit:
            self.refusals += 1
            return None, resets_in
        self.used[number] += 1
        return self.limit - self.used[number], resets_in


def run(server, *, tasks, seconds, latency=0.2, seed=0):
    """So many tasks that always want more; returns what is known in the end and how many answers each task had."""
    roll = random.Random(seed)
    pace, answers = Pace(), Counter()
    turns = [(roll.random() / 10, number, "wants") for number in range(tasks)]
    heapq.heapify(turns)
    while turns[0][0] < seconds:
        second, number, state = heapq.heappop(turns)
        now = NOW + timedelta(seconds=second)
        if state == "wants":
            pace, turn = take_turn(pace, now)
            wait = turn.wait.total_seconds()
            heapq.heappush(turns, (second + wait, number, "wants" if turn.not_yet else "asks"))
        elif state == "asks":
            travel = roll.uniform(0.5, 1.5) * latency
            said = server.ask(second + travel / 2)
            heapq.heappush(turns, (second + travel, number, said))
        else:
            remaining, resets_in = state
            if remaining is None:
                pace = slowed(pace, now, resets_in)
            else:
                answers[number] += 1
                pace = answered(pace, now, server.limit, remaining, resets_in)
            heapq.heappush(turns, (second, number, "wants"))
    return pace, answers


@pytest.mark.parametrize("tasks", [1, 10])
@pytest.mark.parametrize("latency", [0.02, 0.5])
def test_many_tasks_use_the_budget_up_and_do_not_overrun_it(tasks, latency):
    server = CountingServer(300, 300)
    _, answers = run(server, tasks=tasks, seconds=1500, latency=latency)

    assert server.refusals <= 1
    assert answers.total() >= 0.95 * 5 * 300
    # Whoever asks has the same share of it.
    assert max(answers.values()) <= 1.25 * min(answers.values())


def test_a_budget_somebody_else_spent_costs_one_refusal_at_most():
    server = CountingServer(300, 300, spent=298)
    run(server, tasks=10, seconds=900)
    assert server.refusals <= 1


def test_half_of_the_budget_is_there_at_once():
    server = CountingServer(300, 300)
    _, answers = run(server, tasks=10, seconds=10)
    assert answers.total() >= 140


def test_the_rest_is_spread_over_the_time():
    answers = [
        run(CountingServer(300, 300), tasks=10, seconds=seconds)[1].total()
        for seconds in (100, 200, 299)
    ]
    assert answers[0] < 210
    assert answers[1] < 255
    assert answers[2] >= 285


def test_a_server_without_a_budget_is_not_held_back():
    pace, turn = take_turn(Pace(), NOW)
    pace = answered(pace, NOW)
    for _ in range(100):
        pace, turn = take_turn(pace, NOW)
        assert turn.wait == timedelta(0)


def test_nobody_asks_before_the_end_of_a_wait_the_server_asked_for():
    pace = slowed(Pace(), NOW, timedelta(minutes=5))
    assert take_turn(pace, NOW) == (pace, Turn(timedelta(minutes=5), "its budget is spent"))
    _, turn = take_turn(pace, NOW + timedelta(minutes=5))
    assert turn == Turn(timedelta(0))


def test_while_a_budget_is_unknown_one_asks_and_the_others_look():
    pace, first = take_turn(Pace(), NOW)
    pace, second = take_turn(pace, NOW)
    assert (first.not_yet, second.not_yet) == (None, "nobody knows its budget yet")
    pace = answered(pace, NOW, 300, 299, timedelta(minutes=5))
    assert take_turn(pace, NOW)[1] == Turn(timedelta(0))


def test_a_slot_too_far_off_is_left_to_others():
    pace = answered(Pace(), NOW, 100, 4, timedelta(hours=1))
    pace, first = take_turn(pace, NOW)
    same, second = take_turn(pace, NOW)
    assert first == Turn(timedelta(0))
    assert second == Turn(timedelta(minutes=30), "others are before us")
    assert same == pace


def test_the_breaker_opens_after_five_failures_in_a_row_and_lets_one_probe_through():
    pace = Pace()
    for _ in range(5):
        assert pace.breaker == "closed"
        pace = failed(pace, NOW, "no answer")
    assert pace.breaker == "open"
    _, turn = take_turn(pace, NOW + timedelta(minutes=4))
    assert turn.wait == timedelta(minutes=6)
    assert "5 times in a row (no answer)" in (turn.not_yet or "")

    later = NOW + OPEN_FOR
    pace, probe = take_turn(pace, later)
    assert (pace.breaker, probe.not_yet) == ("half-open", None)
    _, other = take_turn(pace, later)
    assert other.wait == PROBE_FOR

    assert failed(pace, later, "still none").breaker == "open"
    assert answered(pace, later).breaker == "closed"


def test_an_answer_in_between_starts_the_count_anew():
    pace = Pace()
    for _ in range(4):
        pace = failed(pace, NOW, "no answer")
    pace = answered(pace, NOW)
    for _ in range(4):
        pace = failed(pace, NOW, "no answer")
    assert pace.breaker == "closed"


def test_a_probe_that_never_comes_back_is_replaced():
    pace = Pace(breaker="half-open", opened_at=NOW, failures_in_a_row=5)
    pace, turn = take_turn(pace, NOW + PROBE_FOR)
    assert turn.not_yet is None


def test_what_can_wait_leaves_half_of_a_budget_to_what_cannot():
    server = CountingServer(300, 300)
    pace = answered(Pace(), NOW, 300, 300, timedelta(minutes=5))
    taken = 0
    while (turn := take_spare_turn(pace, NOW)) and turn[1].not_yet is None:
        pace, taken = turn[0], taken + 1
    assert taken == server.limit / 2
    assert turn[1].wait == timedelta(minutes=5)
    # A window goes on from there, and what waited gets its half of the next budget.
    assert take_turn(pace, NOW)[1].not_yet is None
    assert take_spare_turn(pace, NOW + timedelta(minutes=5))[1].not_yet is None
