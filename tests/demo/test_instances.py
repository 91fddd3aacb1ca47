"""What the two servers answer, and in what they differ."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests

from chorus.demo.life.instances import MASTODON, ULID
from chorus.demo.life.moments import HOUR, milliseconds
from chorus.demo.network import demo_network
from tests.demo.conftest import NOON

PUBLIC = "/api/v1/timelines/public"


def some_post(network, chosen, instance=MASTODON):
    """A post that answers to `chosen`, and its id on the instance."""
    timeline = network.world.timelines[instance]
    until = milliseconds(NOON)
    for hour in range(until // HOUR - 1, until // HOUR - 200, -1):
        for position, post in timeline.hour(hour).everything:
            if chosen(post) and timeline.has(post, until):
                return post, timeline.ids.write(position)
    pytest.fail("Nobody wrote such a post.")


def test_only_one_of_them_is_mastodon(network, get):
    mastodon = get(network.mastodon_url + "/api/v2/instance")
    other = get(network.ulid_url + "/api/v2/instance")
    assert "mastodon/mastodon" in mastodon["source_url"]
    assert "mastodon/mastodon" not in other["source_url"]
    assert get(network.mastodon_url + "/api/v1/instance")["uri"] == "mastodon.demo"


def test_a_post_has_two_ids_and_one_uri(network, get):
    post, _ = some_post(
        network, lambda p: len(p.arrivals) == 2 and not p.boosted and p.author.home == MASTODON
    )
    seen = {
        instance: get(f"{url}/api/v1/statuses/{network.world.timelines[instance].id_of(post)}")
        for instance, url in network.addresses.instances.items()
    }
    assert seen[MASTODON]["uri"] == seen[ULID]["uri"]
    assert seen[MASTODON]["uri"].startswith("https://mastodon.demo/")
    assert seen[MASTODON]["id"] != seen[ULID]["id"]


def test_the_small_server_leaves_out_what_it_does_not_know(network, get):
    posts = get(network.ulid_url + PUBLIC, limit=40)
    foreign = [post for post in posts if "@" in post["account"]["acct"]]
    assert foreign
    assert all("favourites_count" not in post for post in foreign)
    assert any("edited_at" not in post for post in posts)
    assert any(post["language"] is None for post in posts)
    answer = requests.get(
        network.ulid_url + "/api/v1/statuses", {"id[]": posts[0]["id"]}, timeout=20
    )
    assert answer.status_code == 404


def test_statuses_are_looked_up_in_batches_and_what_is_gone_is_missing(network, get):
    url = network.mastodon_url
    ids = [post["id"] for post in get(url + PUBLIC, limit=19)]
    found = get(url + "/api/v1/statuses", **{"id[]": [*ids, "1"]})
    assert {post["id"] for post in found} == set(ids)
    too_many = requests.get(
        url + "/api/v1/statuses", {"id[]": [str(n) for n in range(21)]}, timeout=20
    )
    assert too_many.status_code == 422


def test_a_thread_is_told_from_any_of_its_posts(network, get):
    reply, reply_id = some_post(
        network, lambda p: p.parent is not None and p.parent.parent is not None
    )
    status = get(f"{network.mastodon_url}/api/v1/statuses/{reply_id}")
    context = get(f"{network.mastodon_url}/api/v1/statuses/{reply_id}/context")
    assert context["ancestors"][-1]["id"] == status["in_reply_to_id"]
    root = context["ancestors"][0]
    below = get(f"{network.mastodon_url}/api/v1/statuses/{root['id']}/context")["descendants"]
    assert reply_id in {post["id"] for post in below}
    assert status["mentions"][0]["username"] == reply.parent.author.username


def test_boosts_are_told_with_their_account_only(network, get):
    boost, boost_id = some_post(network, lambda p: p.boosted is not None)
    account = get(
        f"{network.mastodon_url}/api/v1/accounts/lookup", acct=boost.author.acct(MASTODON)
    )
    url = f"{network.mastodon_url}/api/v1/accounts/{account['id']}/statuses"
    told = {p["id"]: p for p in get(url, limit=40, max_id=str(int(boost_id) + 1))}
    assert told[boost_id]["reblog"]["account"]["username"] == boost.boosted.author.username
    assert boost_id not in {p["id"] for p in get(url, limit=40, exclude_reblogs="true")}


def test_a_deleted_post_disappears_everywhere(moving, clock, get):
    doomed, post_id = some_post(
        moving,
        lambda p: (
            p.deleted is not None
            and p.deleted > milliseconds(NOON)
            and p.hashtags
            and p.visibility == "public"
        ),
    )
    tag = moving.world.hashtags[doomed.hashtags[0]].name
    page = f"{moving.mastodon_url}/api/v1/timelines/tag/{tag}"
    just_before = {"max_id": str(int(post_id) + 1), "limit": 1}
    if doomed.hashtags == doomed.hashtags_at(milliseconds(NOON)):
        assert get(page, **just_before)[0]["id"] == post_id

    clock.now += timedelta(milliseconds=doomed.deleted - milliseconds(NOON))

    gone = requests.get(f"{moving.mastodon_url}/api/v1/statuses/{post_id}", timeout=20)
    assert gone.status_code == 404
    assert get(page, **just_before)[0]["id"] != post_id


def test_an_edit_changes_what_a_post_says_and_where_it_is_listed(moving, clock, get):
    noon = milliseconds(NOON)
    post, post_id = some_post(
        moving,
        lambda p: (
            p.edited is not None
            and p.edited > noon
            and p.edited_hashtags is not None
            and p.edited_hashtags[0] not in p.hashtags
            and p.visibility == "public"
            and p.deleted is None
        ),
    )
    url = f"{moving.mastodon_url}/api/v1/statuses/{post_id}"
    before = get(url)

    clock.now += timedelta(milliseconds=post.edited - noon)
    after = get(url)

    assert (before["edited_at"], after["edited_at"][:10]) == (
        None,
        clock.now.date().isoformat(),
    )
    assert before["content"] != after["content"]
    assert before["tags"] != after["tags"]
    new = after["tags"][0]["name"]
    listed = get(
        f"{moving.mastodon_url}/api/v1/timelines/tag/{new}",
        max_id=str(int(post_id) + 1),
        limit=1,
    )
    assert listed[0]["id"] == post_id


def test_engagement_is_more_a_day_later(moving, clock, get):
    _, post_id = some_post(
        moving, lambda p: p.favourites > 20 and p.author.home == MASTODON and p.deleted is None
    )
    url = f"{moving.mastodon_url}/api/v1/statuses/{post_id}"
    before = get(url)
    clock.advance(days=1)
    after = get(url)
    assert after["favourites_count"] > before["favourites_count"]
    assert after["reblogs_count"] >= before["reblogs_count"]


@pytest.mark.parametrize(("instance", "says_when"), [(MASTODON, True), (ULID, False)])
def test_too_many_requests_are_refused_until_the_window_ends(world, clock, instance, says_when):
    clock.now = NOON + timedelta(minutes=2)
    with demo_network(clock=clock, world=world) as network, requests.Session() as session:
        url = network.addresses.instances[instance] + "/api/v1/instance"
        with ThreadPoolExecutor(8) as several:
            answers = list(several.map(lambda _: session.get(url, timeout=20), range(301)))
        refused = [answer for answer in answers if answer.status_code == 429]
        assert len(refused) == 1
        assert refused[0].headers["X-RateLimit-Reset"] == "2026-03-10T12:05:00.000Z"
        assert refused[0].headers.get("Retry-After") == ("180" if says_when else None)

        clock.advance(minutes=3)

        again = session.get(url, timeout=20)
        assert (again.status_code, again.headers["X-RateLimit-Remaining"]) == (200, "299")


def test_hashtags_are_folded_as_each_server_folds_them(network, get):
    for spelling in ("musica", "Música"):
        posts = get(f"{network.mastodon_url}/api/v1/timelines/tag/{spelling}")
        assert all("musica" in {tag["name"] for tag in post["tags"]} for post in posts)
        assert len(posts) == 20
    tags = get(f"{network.ulid_url}/api/v1/timelines/tag/música")[0]["tags"]
    assert "música" in {tag["name"] for tag in tags}


def test_a_permalink_opens_a_page_on_which_hostile_words_are_only_words(network, get):
    hostile, post_id = some_post(
        network, lambda p: "<script>" in words(network, p) and p.author.home == MASTODON
    )
    status = get(f"{network.mastodon_url}/api/v1/statuses/{post_id}")
    assert "&lt;script&gt;" in status["content"]
    page = requests.get(status["url"], timeout=20)
    assert page.status_code == 200
    assert hostile.author.username in page.text
    assert "<script" not in page.text
    assert "alert(&#39;hi&#39;)" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_permalink_of_the_small_server_opens_too(network, get):
    _, post_id = some_post(network, lambda p: p.author.home == ULID and not p.boosted, ULID)
    status = get(f"{network.ulid_url}/api/v1/statuses/{post_id}")
    assert requests.get(status["url"], timeout=20).status_code == 200


def words(network, post) -> str:
    from chorus.demo.life.text import text_of

    return (
        "" if post.boosted else text_of(post, network.world.hashtags, milliseconds(NOON)).plain
    )
