"""What a log does not hold: secrets of the environment, and the folders of a machine."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

WITHHELD = "[withheld]"

_SECRET_NAME = re.compile(r"(^|_)(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)(_|$)", re.I)
_SECRET_OPTION = re.compile(r"^--?[\w-]*(key|token|secret|password)(?==|$)", re.I)
# Shorter values, or words with blanks, would be found in answers that hold no secret.
_SHORTEST_SECRET = 12
# An absolute path up to its last part; the look back spares addresses and fractions.
_FOLDERS = re.compile(r"(?<![\w.:/~-])/(?:[^\s/'\"`:,;()<>]+/)+")


def without_secrets(text: str) -> str:
    """Replace every value of the environment whose name says that it is secret."""
    for secret in _secrets():
        text = text.replace(secret, WITHHELD)
    return text


def without_folders(text: str) -> str:
    """Cut absolute paths down to their last part: where things lie differs by machine."""
    return _FOLDERS.sub("", text)


def shown_command(command: Sequence[str]) -> tuple[str, ...]:
    """Return a command as a log may show it, the same on every machine.

    The running Python is `python`, paths are cut to their last part, and neither secrets of
    the environment nor the values of options such as `--api-key` are shown.
    """
    shown: list[str] = []
    hides_next = False
    for word in command:
        option = _SECRET_OPTION.match(word)
        if hides_next:
            shown.append(WITHHELD)
        elif word == sys.executable:
            shown.append("python")
        elif option and "=" in word:
            shown.append(f"{option.group()}={WITHHELD}")
        else:
            shown.append(without_folders(without_secrets(word)))
        hides_next = bool(option) and not hides_next and "=" not in word
    return tuple(shown)


def _secrets() -> tuple[str, ...]:
    """The longest first, so that one that holds another goes as a whole."""
    found = {
        value
        for name, value in os.environ.items()
        if _SECRET_NAME.search(name)
        and len(value) >= _SHORTEST_SECRET
        and not re.search(r"\s", value)
    }
    return tuple(sorted(found, key=lambda value: (-len(value), value)))
