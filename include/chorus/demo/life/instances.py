"""The servers people live on; the last one is only heard of through the others."""

MASTODON = "mastodon.demo"
ULID = "ulid.demo"
ELSEWHERE = "elsewhere.demo"

SERVED = (MASTODON, ULID)
