"""Telling people: texts by SMS and e-mail, each sent once, each with a state and a reason."""
