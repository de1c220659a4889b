"""Decisions of notifications: how many SMS a text costs, and which state follows which."""

from collections.abc import Mapping

# 3GPP TS 23.038, the GSM 7-bit default alphabet, and the characters that take two places in it.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO_PLACES = frozenset("^{}\\[~]|€\f")

# What an SMS of ours may cost at most.
LONGEST_SMS = 3

# Edge by edge; `sending` again is a hand-over repeated after a crash, or after the tries were used up and
# somebody started the job anew. A carrier's receipt may come before we have written down that it took the message.
EDGES: Mapping[str, frozenset[str]] = {
    "created": frozenset({"sending", "delivered"}),
    "sending": frozenset({"sending", "sent", "created", "failed", "delivered"}),
    "sent": frozenset({"delivered", "failed"}),
    "delivered": frozenset({"failed"}),
    "failed": frozenset({"sending", "delivered"}),
}


def sms_parts(text: str) -> int:
    """How many messages the text is charged as: 160 or 153 characters each, 70 or 67 with any Arabic letter."""
    if all(character in _GSM or character in _GSM_TWO_PLACES for character in text):
        length = sum(2 if character in _GSM_TWO_PLACES else 1 for character in text)
        single, several = 160, 153
    else:
        length = len(text.encode("utf-16-le")) // 2
        single, several = 70, 67
    return 1 if length <= single else -(-length // several)


def may_follow(state: str, after: str) -> bool:
    """Whether a notification in `after` may come to `state`."""
    return state in EDGES[after]
