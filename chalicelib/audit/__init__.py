"""What happened, in a log that can be added to and never quietly changed."""
