"""An error as the terminal shows it: what happened, then what to do, then the exit code."""

from __future__ import annotations

import json
import sys
import textwrap
import traceback
from typing import Any

from domain.errors import PlannerError

_BY_STATUS = {401: 4, 403: 4}


class Refused(Exception):
    """A command could not be carried out, here or at the server."""

    def __init__(
        self, code: str, message: str, *, hint: str = "", exit_code: int = 1, **facts: Any
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
        self.facts = facts

    def show(self, as_json: bool) -> int:
        """Write the error where its reader looks, and return the exit code."""
        if as_json:
            error = {**self.facts, "code": self.code, "message": self.message, "hint": self.hint}
            sys.stdout.write(json.dumps({"error": error}, ensure_ascii=False, indent=2) + "\n")
        else:
            for paragraph in (self.message, self.hint):
                if paragraph:
                    sys.stderr.write(_wrapped(paragraph) + "\n")
        return self.exit_code


def refusal(error: Exception) -> Refused:
    """Return the refusal an exception raised in this process amounts to."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, PlannerError):
        return Refused(
            error.code,
            error.message,
            hint=error.hint,
            exit_code=error.exit_code,
            **{key: str(value) for key, value in error.facts.items()},
        )
    if isinstance(error, OSError) and error.filename:
        return Refused(
            "file_unusable",
            f"{error.filename}: {error.strerror}.",
            hint="Check the path and its permissions.",
        )
    traceback.print_exception(error)
    return Refused(
        "broken",
        f"Something went wrong that should not: {type(error).__name__}.",
        hint="What was stored before is kept. Please report the lines above.",
    )


def answered(status: int, body: Any) -> Refused:
    """Return the refusal that an HTTP answer of `status` carries."""
    error = dict(body["error"]) if isinstance(body, dict) and "error" in body else {}
    code = str(error.pop("code", f"http_{status}"))
    return Refused(
        code,
        str(error.pop("message", f"The server answered with status {status}.")),
        hint=str(error.pop("hint", "")),
        exit_code=_exit_codes().get(code, _BY_STATUS.get(status, 1)),
        **error,
    )


def _exit_codes() -> dict[str, int]:
    kinds: list[type[PlannerError]] = [PlannerError]
    codes: dict[str, int] = {}
    for kind in kinds:
        codes[kind("").code] = kind.exit_code
        kinds.extend(kind.__subclasses__())
    return codes


def _wrapped(text: str) -> str:
    lines = text.splitlines() or [""]
    return "\n".join(
        textwrap.fill(line, 100, break_long_words=False, break_on_hyphens=False) for line in lines
    )
