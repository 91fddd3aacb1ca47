"""The HTTP servers and the mailbox of the demo network."""
