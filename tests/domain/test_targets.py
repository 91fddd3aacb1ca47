"""targets.yaml: what it may say, and what is said about what it may not."""

import pytest

from chorus import paths
from chorus.domain.errors import ConfigurationError
from chorus.domain.targets import Target, read_targets, the_one_target
from chorus.pipelines.sources import entry_of


@pytest.fixture
def written(tmp_path):
    def write(text):
        file = tmp_path / "targets.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_each_timeline_of_an_instance_is_a_target(written):
    file = written("""
mastodon:
  - instance: m.example
    hashtags: ["#python", Grüße, python]
    public: local
    accounts: ["@ana@b.example"]
  - instance: demo
    base_url: http://127.0.0.1:8000/
    hashtags: [x]
""")
    targets = read_targets(file).all()

    assert [str(target) for target in targets] == [
        "m.example #python",
        "m.example #Grüße",
        "m.example local",
        "m.example @ana@b.example",
        "demo #x",
    ]
    assert targets[0].base_url == "https://m.example"
    assert targets[-1].base_url == "http://127.0.0.1:8000"
    assert Target.model_validate(targets[0].model_dump(mode="json")) == targets[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("mastodon: [{instance: m.example}]", "mastodon.0 is wrong: it names nothing to read"),
        ("mastodon: [{instance: M!, hashtags: [a]}]", "mastodon.0.instance is wrong"),
        (
            "mastodon: [{instance: m.example, hashtags: [2026]}]",
            "mastodon.0.hashtags.0 is wrong",
        ),
        (
            "mastodon: [{instance: m.example, hashtags: [a b]}]",
            "mastodon.0.hashtags.0 is wrong",
        ),
        ("mastodon: [{instance: m.example, hashtag: [a]}]", "mastodon.0.hashtag is wrong"),
        ("mastodon: [{instance: m, public: all}]", "mastodon.0.public is wrong: it should be"),
        (
            "mastodon: [{instance: m, hashtags: [a], base_url: m}]",
            "mastodon.0.base_url is wrong",
        ),
        (
            "mastodon: [{instance: m, hashtags: [a]}, {instance: m, hashtags: [b]}]",
            "m stands in it twice",
        ),
        ("mastodn: []", "mastodn is wrong"),
        (
            "mastodon: [{instance: m, hashtags: [a]}]\nmastodon: [{instance: n, hashtags: [b]}]",
            "mastodon is written twice",
        ),
        (
            "mastodon: [{instance: m, hashtags: [a], hashtags: [b]}]",
            "hashtags is written twice",
        ),
        ("mastodon:\n", "mastodon is wrong: it must be a list, each entry behind a dash"),
        ("mastodon: " + "[" * 5000, "is not YAML: it nests too deep"),
        ("mastodon: !!python/object/apply:os.getcwd []", "is not YAML"),
        ("- a", "the file is wrong: it must be names with a colon"),
        ("", "names no target"),
        ("mastodon: [", "is not YAML"),
    ],
)
def test_a_flaw_is_one_sentence_that_names_where_it_stands(written, text, sentence):
    file = written(text)
    with pytest.raises(ConfigurationError) as caught:
        read_targets(file)
    assert sentence in str(caught.value)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_of_a_thousand_flaws_ten_are_told(written):
    file = written(f"mastodon: [{', '.join(['x'] * 1000)}]")
    with pytest.raises(ConfigurationError) as caught:
        read_targets(file)
    assert str(caught.value).count(" is wrong: ") == 10


def test_two_flaws_are_two_sentences(written):
    file = written("mastodon: [{instance: m, hashtags: [a b, 'c d']}]")
    with pytest.raises(ConfigurationError, match=r"hashtags\.0 .*\. .*hashtags\.1 "):
        read_targets(file)


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigurationError, match="create it or set TARGETS_FILE"):
        read_targets(tmp_path / "targets.yaml")


def test_the_one_target_carries_the_name_of_its_host():
    target = the_one_target("http://127.0.0.1:3000", "#python")
    assert (target.instance, target.name) == ("127.0.0.1:3000", "python")


def test_the_file_we_ship_is_right():
    targets = read_targets(paths.INCLUDE / "targets.yaml", entry_of).all()
    assert {target.source for target in targets} == {"mastodon", "reddit"}


def test_another_source_brings_its_own_entries_and_its_flaws_are_said_alike(written):
    file = written("reddit: [{subreddit: r/Python}, {subreddit: python, instance: r.example}]")
    targets = read_targets(file, entry_of).all()
    assert [str(target) for target in targets] == ["reddit.com r/Python", "r.example r/python"]

    for text, sentence in {
        "reddit: [{subreddit: a b}]": "reddit.0.subreddit is wrong: it must be a subreddit's name",
        "reddit: [{subreddit: python, listing: [new]}]": "reddit.0.listing is wrong",
        "reddit: [{subreddit: python, limit: 2000}]": "reddit.0.limit is wrong",
        "reddit: [{subreddit: python, listings: []}]": "it names nothing to read",
        "reddit: [{subreddit: python}, {subreddit: python}]": "stands in it twice",
        "reddit_client: []": "reddit_client is wrong",
    }.items():
        with pytest.raises(ConfigurationError, match=sentence):
            read_targets(written(text), entry_of)
