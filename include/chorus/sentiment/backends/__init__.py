"""What can read the mood of texts."""
