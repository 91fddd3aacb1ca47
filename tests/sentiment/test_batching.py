from hypothesis import given
from hypothesis import strategies as st

from chorus.sentiment.backends.batching import token_budget_batches

LENGTHS = st.lists(st.integers(0, 512))


@given(LENGTHS, st.integers(1, 4096))
def test_every_text_is_in_exactly_one_batch(lengths: list[int], budget: int):
    batches = list(token_budget_batches(lengths, budget))
    assert sorted(position for batch in batches for position in batch) == list(
        range(len(lengths))
    )


@given(LENGTHS, st.integers(1, 4096))
def test_a_padded_batch_stays_within_the_budget_unless_one_text_alone_is_over_it(
    lengths: list[int], budget: int
):
    for batch in token_budget_batches(lengths, budget):
        width = max(lengths[position] for position in batch)
        assert len(batch) == 1 or len(batch) * width <= budget


def test_texts_of_like_length_share_a_batch():
    assert list(token_budget_batches([5, 500, 6, 480], 1000)) == [[1, 3], [2, 0]]
