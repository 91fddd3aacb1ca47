"""A pretended social network on loopback: used until .env names a real one, and by tests and benchmarks.

`life` decides what happens (a pure function of seed and time), `payloads` says it as real servers do,
`servers` answers requests, `network` runs them all in one process.
"""
