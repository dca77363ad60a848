"""The schema a model is asked to fill, and what it answered."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from agent.retrying import BadOutput, EndpointError
from domain.plan import AccountPlanDraft

# What the strict subset of JSON Schema knows; anything else is left to pydantic.
_KEYWORDS = frozenset(
    "$ref $defs type properties required additionalProperties items anyOf enum const "
    "description".split()
)
Answer = TypeVar("Answer", bound=BaseModel)
_FENCE = re.compile(r"```(?:json)?\s*\n(.*?)(?:\n```|\Z)", re.DOTALL | re.IGNORECASE)
LONGEST_ANSWER = 400_000
PROBLEMS_TOLD = 20


class Refused(EndpointError):
    """The model declined to answer."""


class CutShort(EndpointError):
    """The answer ended at the token limit."""


class Unfit(EndpointError):
    """The answer is no draft; `problems` say why, for the one repair."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the model's JSON Schema within the subset that strict endpoints accept.

    Every object is closed and requires all it has; no defaults, titles or formats.
    """
    schema = _strict(model.model_json_schema())
    assert isinstance(schema, dict)
    return schema


def _strict(node: Any, *, names: bool = False) -> Any:
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    if names:
        # Keys are names of our own (of properties or definitions), not keywords.
        return {name: _strict(item) for name, item in node.items()}
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    kept = {
        key: _strict(value, names=key in {"properties", "$defs"})
        for key, value in node.items()
        if key in _KEYWORDS
    }
    if "const" in kept:
        kept["enum"] = [kept.pop("const")]
    if "properties" in kept:
        kept["required"] = list(kept["properties"])
        kept["additionalProperties"] = False
    return kept


def answer_text(completion: Any) -> str:
    """Return the text of a completion.

    Raises
    ------
    BadOutput
        When it is no completion: a `str` (HTML with status 200), no choices, no text.
    CutShort
        When the token limit ended it.
    Refused
        When the model refused, or a content filter stopped it.
    """
    choices = getattr(completion, "choices", None)
    if not choices:
        raise BadOutput("no choices")
    choice = choices[0]
    message = getattr(choice, "message", None)
    if message is None:
        raise BadOutput("no message")
    if getattr(message, "refusal", None) or choice.finish_reason == "content_filter":
        raise Refused
    if choice.finish_reason == "length":
        raise CutShort
    content = message.content
    if not isinstance(content, str) or not content.strip():
        raise BadOutput("no text")
    return content


def read_draft(text: str, account_id: str) -> AccountPlanDraft:
    """Read an account plan's draft from an answer; see `read_answer`."""
    draft = read_answer(text, AccountPlanDraft)
    if draft.account_id != account_id:
        raise Unfit([f"account_id: must be {account_id}"])
    return draft


def read_answer(text: str, model: type[Answer]) -> Answer:
    """Read what was asked for: bare JSON, fenced JSON, or JSON amid other text.

    Raises
    ------
    Unfit
        With the problems in words, none of them longer than a line.
    """
    if len(text) > LONGEST_ANSWER:
        raise Unfit([f"the answer is longer than {LONGEST_ANSWER} characters"])
    try:
        return model.model_validate(_json_in(text))
    except ValidationError as error:
        raise Unfit(
            [
                f"{'.'.join(map(str, item['loc'])) or 'the answer'}: {item['msg']}"[:200]
                for item in error.errors(include_input=False, include_url=False)
            ][:PROBLEMS_TOLD]
        ) from None


def _json_in(text: str) -> Any:
    candidates = [text]
    fenced = _FENCE.search(text)
    if fenced:
        candidates.append(fenced[1])
    first, last = text.find("{"), text.rfind("}")
    if 0 <= first < last:
        candidates.append(text[first : last + 1])
    reason = "no JSON object in it"
    for candidate in candidates:
        try:
            found = json.loads(candidate)
        except (json.JSONDecodeError, RecursionError) as error:
            if isinstance(error, json.JSONDecodeError):
                reason = f"{error.msg} at character {error.pos}"
            continue
        if isinstance(found, dict):
            return found
    raise Unfit([f"the answer is not one JSON object: {reason}"])
