"""Hashtags as Mastodon tells them apart."""

import pytest

from chorus.domain.tags import fold_tag


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Python", "python"),
        ("Café", "cafe"),
        ("ＣＡＦÉ", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Łódź", "lodz"),
        ("Straße", "straße"),
        ("Việt", "việt"),
        ("йод", "йод"),
        ("ポケモンＧＯ", "ポケモンgo"),
        ("हिन्दी", "हिन्दी"),
        ("ﾃｽﾄ", "テスト"),
        ("data-engineering", "dataengineering"),
        ("snake_case·x", "snake_case·x"),
        ("👍", ""),
    ],
)
def test_a_tag_is_folded(written, folded):
    assert fold_tag(written) == folded


def test_folding_twice_changes_nothing():
    for character in map(chr, range(0x20, 0x3000)):
        once = fold_tag(f"x{character}")
        assert fold_tag(once) == once, f"U+{ord(character):04X}"
