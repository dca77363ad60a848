from contextlib import suppress
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent.model.assembling import Assembly
from agent.model.protocol import Reply, ToolCall
from agent.model.usage import tokens_used
from agent.model_answer import Refused
from agent.retrying import BadOutput

TEXT = st.text(max_size=60)
CALLS = st.lists(st.tuples(st.sampled_from(["week", "find_accounts", ""]), TEXT), max_size=4)


def plain(value: Any) -> Any:
    """JSON as the client's library hands it over: objects with attributes."""
    if isinstance(value, dict):
        return SimpleNamespace(**{key: plain(item) for key, item in value.items()})
    return [plain(item) for item in value] if isinstance(value, list) else value


def cut(text: str, places: list[int]) -> list[str]:
    marks = sorted({place % (len(text) + 1) for place in places} | {0, len(text)})
    return [text[a:b] for a, b in pairwise(marks)]


@given(TEXT, CALLS, st.lists(st.integers(0, 100), max_size=6), st.booleans())
def test_however_an_answer_is_cut_into_chunks_it_comes_back_whole(
    text: str, calls: list[tuple[str, str]], places: list[int], usage: bool
) -> None:
    deltas: list[dict[str, Any]] = [{"content": piece} for piece in cut(text, places)]
    for place, (name, arguments) in enumerate(calls):
        opening = {"index": place, "id": f"c{place}", "function": {"name": name, "arguments": ""}}
        deltas.append({"tool_calls": [opening]})
        deltas += [
            {"tool_calls": [{"index": place, "function": {"arguments": piece}}]}
            for piece in cut(arguments, places)
        ]
    assembly = Assembly()
    shown = "".join(
        assembly.add(plain({"choices": [{"delta": delta, "finish_reason": None}]}))
        for delta in deltas
    )
    assembly.add(plain({"choices": [{"delta": {}, "finish_reason": "stop"}]}))
    if usage:
        assembly.add(plain({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}))

    expected = tuple(ToolCall(f"c{n}", *call) for n, call in enumerate(calls))
    assert assembly.reply(0) == Reply(text, expected, "tools" if calls else "stop")
    assert shown == text
    assert (assembly.usage is not None) == usage


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "choices delta message content tool_calls index id function name arguments "
                "finish_reason usage function_call refusal".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


PART = st.fixed_dictionaries(
    {},
    optional={
        "content": JUNK,
        "refusal": st.none(),
        "function_call": JUNK,
        "tool_calls": JUNK
        | st.lists(
            st.fixed_dictionaries(
                {}, optional={"index": JUNK, "id": JUNK, "type": JUNK, "function": JUNK}
            ),
            max_size=3,
        ),
    },
)
CHUNK = JUNK | st.fixed_dictionaries(
    {
        "choices": st.lists(
            st.fixed_dictionaries({"delta": PART, "message": PART, "finish_reason": JUNK}),
            min_size=1,
            max_size=2,
        )
    },
    optional={"usage": JUNK},
)


@given(st.lists(CHUNK, max_size=4), st.booleans())
def test_no_shape_of_chunk_breaks_the_reading(chunks: list[Any], whole: bool) -> None:
    assembly = Assembly()

    for chunk in chunks:
        with suppress(BadOutput):
            took = assembly.whole(plain(chunk)) if whole else assembly.add(plain(chunk))
            assert isinstance(took, str)

    with suppress(Refused):
        reply = assembly.reply(0)
        assert isinstance(reply.text, str)
        assert all(
            isinstance(part, str)
            for call in reply.calls
            for part in (call.call_id, call.name, call.arguments)
        )
        assert len({call.call_id for call in reply.calls}) == len(reply.calls)
    assert tokens_used(assembly.usage, [], [], assembly.said()).prompt_tokens >= 0
