"""One draft asked of a language model, whatever it is a draft of.

It asks for a JSON schema, then for a JSON object, then for JSON in the text. An answer
that does not fit gets one repair. Whatever goes wrong then is told in words, so that
another writer can take over and the plan says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from agent.budget import Spending
from agent.model.capabilities import Rung
from agent.model.client import OpenAIClient
from agent.model.usage import NoRecorder, Recorder
from agent.model.work import Work, in_words
from agent.model_answer import Unfit, strict_schema
from agent.prompting import load_prompt, repair_message
from agent.retrying import Deadline
from domain.plan import WriterNote

Draft = TypeVar("Draft", bound=BaseModel)
Messages = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Asked(Generic[Draft]):
    """What became of asking: a draft, or None; `note` tells model, prompt, tokens and cost,
    and, without a draft, why there is none."""

    draft: Draft | None
    note: WriterNote


def ask_for_draft(
    client: OpenAIClient,
    prompt: str,
    messages: Messages,
    model: type[Draft],
    read: Callable[[str], Draft],
    recorder: Recorder | None = None,
) -> Asked[Draft]:
    """Ask a model to fill a schema; never raises because of the endpoint.

    Parameters
    ----------
    prompt
        Name of the prompt that the messages were made with.
    model
        What is to be filled; its JSON schema is sent where the endpoint understands one.
    read
        Reads an answer; `agent.model_answer.Unfit` when it does not fit.
    """
    settings = client.settings
    work = Work(
        Deadline(settings.deadline_seconds),
        Spending(settings.budget, settings.prices, settings.max_tokens),
        prompt,
        recorder or NoRecorder(),
    )
    reason = "the answer was no plan, nor was its repair"
    draft = None
    try:
        draft = _drafted(client, messages, formats(prompt, model), read, work)
    except Unfit:
        pass
    except Exception as error:
        told = in_words(error, work, settings)
        if told is None:
            raise
        reason = told
    spent = {
        "input_tokens": work.spending.input_tokens,
        "output_tokens": work.spending.output_tokens,
        "cost": work.spending.cost,
    }
    if draft is None:
        notice = f"The model endpoint failed ({reason}); the embedded writer was used."
        return Asked(
            None, WriterNote.model_validate({"writer": "embedded", "notice": notice} | spent)
        )
    loaded = load_prompt(prompt)
    return Asked(
        draft,
        WriterNote.model_validate(
            {
                "writer": "model",
                "model": settings.model,
                "prompt": loaded.name,
                "prompt_version": loaded.version,
            }
            | spent
        ),
    )


def _drafted(
    client: OpenAIClient,
    messages: Messages,
    asked: Mapping[Rung, Mapping[str, Any]],
    read: Callable[[str], Draft],
    work: Work,
) -> Draft:
    first = [dict(message) for message in messages]
    text = client.text(first, asked, work)
    try:
        return read(text)
    except Unfit as unfit:
        again = [
            *first,
            {"role": "assistant", "content": text},
            {"role": "user", "content": repair_message(unfit.problems)},
        ]
    return read(client.text(again, asked, work))


@cache
def formats(prompt: str, model: type[BaseModel]) -> Mapping[Rung, Mapping[str, Any]]:
    """Return what each rung of the ladder adds to a request."""
    schema = {"name": prompt, "strict": True, "schema": strict_schema(model)}
    return {
        "json_schema": {"response_format": {"type": "json_schema", "json_schema": schema}},
        "json_object": {"response_format": {"type": "json_object"}},
        "text": {},
    }
