"""A span in pieces is the same span: nothing twice, nothing left out."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chorus.domain.tiles import SIZES, start_of, tile

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=9)).map(lambda passed: BEGIN + passed)


@given(MOMENTS, MOMENTS, st.sampled_from([("hours", "minutes"), ("days", "hours")]))
def test_pieces_follow_each_other_from_one_end_to_the_other(one, other, units):
    since, until = sorted((one, other))
    pieces = list(tile(since, until, *units))
    edges = [since, *(piece.until for piece in pieces)]
    assert edges[-1] == until
    assert [piece.since for piece in pieces] == edges[:-1]
    assert all(start < end for start, end in pairwise(edges))


@given(MOMENTS, MOMENTS, st.sampled_from([("hours", "minutes"), ("days", "hours")]))
def test_what_is_whole_is_counted_as_a_whole(one, other, units):
    since, until = sorted((one, other))
    size = SIZES[units[0]]
    for piece in tile(since, until, *units):
        if piece.unit == units[0]:
            assert start_of(piece.since, size) == piece.since
            assert start_of(piece.until, size) == piece.until
        else:
            assert piece.until - piece.since < 2 * size
    assert len(list(tile(since, until, *units))) <= 3


def test_an_hour_begins_at_the_full_hour_of_utc():
    moment = datetime(2026, 3, 29, 1, 59, 59, tzinfo=UTC)
    assert start_of(moment, timedelta(hours=1)) == moment.replace(minute=0, second=0)
