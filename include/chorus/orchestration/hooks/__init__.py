"""Extensions of the providers' hooks; they keep the connections that people already know."""
