"""How a job says that trying again is of no use."""


class Hopeless(Exception):
    """This job can never succeed: it becomes dead at once, with `reason` for people to read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
