"""A text is read once, whoever says it."""

from chorus.config import Settings
from chorus.domain.sentiment_key import input_hash
from chorus.sentiment.host.client import HostClient
from chorus.warehouse.statements import render


def test_a_text_seen_before_is_not_read_again_wherever_it_stands(
    mood, settings: Settings, client: HostClient
):
    mood.say("1", "a lovely caf\u00e9")
    mood.score(client)
    before = client.health()["texts"]
    mood.say("2", "a lovely cafe\u0301")
    totals = mood.score(client)
    assert client.health()["texts"] == before
    assert (totals.cache_hits, totals.texts_read, totals.hit_rate) == (1, 0, 1.0)
    assert mood.labels() == {"1": "positive", "2": "positive"}
    assert mood.predictions() == 2


def test_the_same_text_in_one_batch_is_read_once(mood, settings: Settings, client: HostClient):
    mood.say_many(["buy my wonderful thing"] * 10)
    totals = mood.score(client)
    assert (totals.posts, totals.texts_read, totals.cache_hits) == (10, 1, 9)


def test_the_cache_is_found_by_its_index(mood, settings: Settings, client: HostClient):
    mood.say_many([f"text {n}" for n in range(50)])
    mood.score(client)
    mood.ask("set enable_seqscan = off")
    plan = mood.connection.execute(
        "explain " + render("silver/post_sentiments/cached.sql", settings),
        {"input_hashes": [input_hash("text 7")], **client.model.key.columns},
    ).fetchall()
    assert "ix_post_sentiments_cache" in str(plan)


def test_both_sides_agree_on_the_hash_of_a_text(mood):
    for text in (
        "plain",
        "cafe\u0301",
        "\u1e9b\u0323",
        "\U0001f469\u200d\U0001f680",
        "\uac00\u11a8",
    ):
        ours = input_hash(text)
        theirs = mood.ask("select sha256(convert_to(normalize(%s::text), 'UTF8'))", text)
        assert bytes(theirs[0][0]) == ours, text
