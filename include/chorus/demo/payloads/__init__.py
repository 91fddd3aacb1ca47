"""What happened, in the JSON shapes that real servers give."""
