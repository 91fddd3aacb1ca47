"""What happens in the demo network: accounts, hashtags and conversations as pure functions of (seed, time)."""
