import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from agent.budget import Budget, OverBudget, Prices, Spending
from agent.model.assembling import Assembly
from agent.model.capabilities import Capabilities, Known
from agent.model.chat import OpenAIChat
from agent.model.client import OpenAIClient
from agent.model.protocol import Message, ModelFailed, Reply, ToolCall
from agent.model.settings import ModelSettings
from agent.model.usage import Used
from agent.retrying import Deadline
from eval.adversaries.model_server import KEY, ModelServer, Policy, model_server
from eval.adversaries.model_wire import AskedCall, ModelAnswer

ASKED: list[Message] = [{"role": "user", "content": "Which accounts deserve this week?"}]
TOOLS = (
    {
        "type": "function",
        "function": {"name": "week", "parameters": {"type": "object", "properties": {}}},
    },
)
TEXT = "Northwind deserves it, since its orders fell. Contoso can wait until the next quarter."
PLAIN = ModelAnswer(TEXT)
CALLS = ModelAnswer(
    "Let me look.",
    (
        AskedCall("week", '{"rep_id": null, "limit": 5}', "call_a"),
        AskedCall("explain_account", '{"account_id": "1001"}', "call_b"),
    ),
)


class Sink:
    """What a reader has seen; `taken_back` counts resets."""

    def __init__(self) -> None:
        self.text = ""
        self.taken_back = 0
        self.heard = threading.Event()

    def delta(self, text: str) -> None:
        self.text += text
        self.heard.set()

    def reset(self) -> None:
        self.text = ""
        self.taken_back += 1


class Notebook:
    """A recorder that keeps what it is told, and refuses calls where it is told to."""

    def __init__(self, refusal: str = "") -> None:
        self.calls: list[Used] = []
        self.worst: list[int] = []
        self._refusal = refusal

    def before_call(self, tokens: int, cost: Decimal | None) -> None:
        self.worst.append(tokens)
        if self._refusal:
            raise OverBudget(self._refusal)

    def used(self, used: Used) -> None:
        self.calls.append(used)


class Endpoint:
    """A served policy and a chat model pointed at it; waits are noted, not slept."""

    def __init__(self, server: ModelServer, refusal: str = "", **settings: Any) -> None:
        self.server = server
        self.waits: list[float] = []
        self.notes = Notebook(refusal)
        self.kept: list[Capabilities] = []
        self.sink = Sink()
        self.client = OpenAIClient(
            ModelSettings(base_url=server.base_url, api_key=KEY, model="test-model", **settings),
            known=Known(keep=self.kept.append),
            sleep=self.waits.append,
        )
        self.chat = OpenAIChat(self.client, self.notes)
        self.spending = Spending(Budget(), None, 2_000, per="turn")

    def ask(
        self,
        messages: list[Message] = ASKED,
        tools: Any = TOOLS,
        *,
        seconds: float = 20,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Reply:
        return self.chat.reply(
            messages,
            tools,
            spending=self.spending,
            deadline=Deadline(seconds),
            sink=self.sink,
            stopped=stopped,
        )

    @property
    def known(self) -> Capabilities:
        return self.client.known.found

    def ways(self) -> list[str]:
        return [
            "counted" if "stream_options" in request else "streamed" if "stream" in request else ""
            for request in self.server.requests
        ]


def says(answer: ModelAnswer) -> Policy:
    return lambda _: answer


@pytest.fixture
def serve() -> Iterator[Any]:
    open_now: list[Any] = []

    def make(
        *script: str, answer: ModelAnswer = PLAIN, more: Any = None, **settings: Any
    ) -> Endpoint:
        block = model_server(says(answer), script or ("ok",), **(more or {}))
        endpoint = Endpoint(block.__enter__(), **settings)
        open_now.append((block, endpoint))
        return endpoint

    yield make
    for block, endpoint in reversed(open_now):
        endpoint.client.close()
        block.__exit__(None, None, None)


def test_text_streams_to_the_reader_and_comes_back_whole(serve: Any) -> None:
    endpoint = serve()

    reply = endpoint.ask()

    assert reply == Reply(TEXT, (), "stop")
    assert endpoint.sink.text == TEXT
    assert endpoint.sink.taken_back == 0
    assert endpoint.server.requests == [
        {
            "model": "test-model",
            "messages": ASKED,
            "max_tokens": 2_000,
            "tools": list(TOOLS),
            "stream": True,
            "stream_options": {"include_usage": True},
        }
    ]


def test_tool_calls_are_put_together_from_their_parts(serve: Any) -> None:
    reply = serve(answer=CALLS).ask()

    assert reply == Reply(
        "Let me look.",
        (
            ToolCall("call_a", "week", '{"rep_id": null, "limit": 5}'),
            ToolCall("call_b", "explain_account", '{"account_id": "1001"}'),
        ),
        "tools",
    )


def test_broken_arguments_are_passed_on_as_the_model_wrote_them(serve: Any) -> None:
    answer = ModelAnswer(calls=(AskedCall("week", '{"limit": '), AskedCall("no such tool", "")))

    calls = serve(answer=answer).ask().calls

    assert [(call.name, call.arguments) for call in calls] == [
        ("week", '{"limit": '),
        ("no such tool", ""),
    ]


def test_calls_without_ids_get_some_that_no_earlier_call_has(serve: Any) -> None:
    earlier = {"role": "assistant", "content": None, "tool_calls": [{"id": "x"}, {"id": "y"}]}
    parts = [
        SimpleNamespace(index=place, id=None, function=SimpleNamespace(name="week", arguments=""))
        for place in (0, 1)
    ]
    assembly = Assembly()
    delta = SimpleNamespace(content=None, tool_calls=parts)
    assembly.add(SimpleNamespace(choices=[SimpleNamespace(delta=delta, finish_reason="stop")]))

    assert [call.call_id for call in assembly.reply(2).calls] == ["call_2", "call_3"]
    # The client counts the calls of the conversation so far.
    assert serve(answer=CALLS).ask([earlier, *ASKED]).calls[0].call_id == "call_a"


def test_calls_that_share_one_place_are_told_apart_by_their_ids() -> None:
    assembly = Assembly()
    for call_id, name in (("a", "week"), ("b", "waiting")):
        for arguments in ("{", "}"):
            function = SimpleNamespace(name=name, arguments=arguments)
            part = SimpleNamespace(index=0, id=call_id, function=function)
            delta = SimpleNamespace(content=None, tool_calls=[part])
            choice = SimpleNamespace(delta=delta, finish_reason=None)
            assembly.add(SimpleNamespace(choices=[choice]))

    assert assembly.reply(0).calls == (ToolCall("a", "week", "{}"), ToolCall("b", "waiting", "{}"))


@pytest.mark.parametrize("odd", [None, "<html>", 7, SimpleNamespace(choices="x")])
def test_chunks_of_no_known_shape_bring_nothing(odd: Any) -> None:
    assembly = Assembly()

    assert assembly.add(odd) == ""
    assert not assembly.heard


@pytest.mark.parametrize(
    ("behaviour", "finish"),
    [("finish:eos", "stop"), ("finish:length", "length"), ("finish:max_tokens", "length")],
)
def test_unknown_reasons_to_finish_are_an_end_like_any_other(
    serve: Any, behaviour: str, finish: str
) -> None:
    reply = serve(behaviour).ask()

    assert (reply.text, reply.finish) == (TEXT, finish)


def test_a_reply_without_a_word_is_a_reply(serve: Any) -> None:
    assert serve(answer=ModelAnswer("")).ask() == Reply("", (), "stop")


@pytest.mark.parametrize("cut", ["cut:3", "drop:3", "sse-error:3"])
def test_a_cut_stream_is_taken_back_and_asked_for_again(serve: Any, cut: str) -> None:
    endpoint = serve(cut, "ok")

    assert endpoint.ask() == Reply(TEXT, (), "stop")
    assert endpoint.sink.text == TEXT
    assert endpoint.sink.taken_back == 1
    assert len(endpoint.server.requests) == 2
    assert len(endpoint.waits) >= 1


def test_a_stream_cut_before_its_first_word_takes_nothing_back(serve: Any) -> None:
    endpoint = serve("cut:1", "ok")

    assert endpoint.ask().text == TEXT
    assert endpoint.sink.taken_back == 0


def test_a_stream_that_ends_after_its_finish_reason_needs_no_last_word(serve: Any) -> None:
    endpoint = serve("no-done")

    assert endpoint.ask() == Reply(TEXT, (), "stop")
    assert len(endpoint.server.requests) == 1


def test_a_stream_that_goes_silent_after_its_finish_reason_is_not_waited_for(
    serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.model.connection.LAST_WORD_SECONDS", 0.2)
    endpoint = serve("linger", more={"stall_seconds": 30.0})

    # The endpoint goes on for longer than the deadline: who waits for it gets no answer.
    assert endpoint.ask(seconds=10) == Reply(TEXT, (), "stop")
    assert endpoint.notes.calls[0].estimated


@pytest.mark.parametrize(
    ("behaviour", "reason", "requests"),
    [
        ("429:0", "429 after 3 tries", 3),
        ("status:500", "500 after 3 tries", 3),
        ("status:401", "401 after 1 try", 1),
        ("quota", "429, the quota is used up", 1),
        ("html", "the answer was no completion after 3 tries", 3),
        ("cut:2", "the answer was no completion after 3 tries", 3),
        ("sse-error:2", "the answer was no completion after 3 tries", 3),
        ("refuse", "the model refused to answer", 1),
        ("redirect:http://127.0.0.1:9/v1", "307 after 1 try", 1),
        # Each is answered in one piece, so that the plain way is tried as well.
        ("no-choices", "the answer was no completion after 3 tries", 4),
        ("bad-json", "the answer was no completion after 3 tries", 4),
    ],
)
def test_an_endpoint_that_gives_no_answer_is_told_in_our_words_alone(
    serve: Any, behaviour: str, reason: str, requests: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    endpoint = serve(behaviour, attempts=3)

    with pytest.raises(ModelFailed) as failed:
        endpoint.ask()

    assert str(failed.value) == reason
    assert endpoint.sink.text == ""
    assert len(endpoint.server.requests) == requests
    assert endpoint.server.authorizations == [f"Bearer {KEY}"] * requests
    assert not [r for r in caplog.records if r.name.startswith("agent") and KEY in r.getMessage()]


def test_an_endpoint_that_nobody_serves_is_told_as_no_connection() -> None:
    client = OpenAIClient(
        ModelSettings(base_url="http://127.0.0.1:9/v1", model="m", attempts=2),
        sleep=lambda _: None,
    )
    with pytest.raises(ModelFailed, match=r"^no connection after 2 tries$"):
        OpenAIChat(client).reply(
            ASKED,
            TOOLS,
            spending=Spending(Budget(), None, 100),
            deadline=Deadline(5),
            sink=Sink(),
            stopped=lambda: False,
        )


@pytest.mark.parametrize("behaviour", ["drip", "stall", "hang:3"])
def test_an_endpoint_that_drips_or_stalls_is_left_at_the_deadline(
    serve: Any, behaviour: str
) -> None:
    endpoint = serve(behaviour, more={"stall_seconds": 3.0})

    with pytest.raises(ModelFailed, match=r"^no answer within 0.6 s$"):
        endpoint.ask(seconds=0.6)
    assert endpoint.sink.text == ""


def test_a_person_who_stops_keeps_what_there_is_and_the_connection_is_broken(serve: Any) -> None:
    endpoint = serve("hang:4", more={"stall_seconds": 30.0})
    before = {thread.ident for thread in threading.enumerate()}

    reply = endpoint.ask(stopped=endpoint.sink.heard.is_set)

    assert reply.finish == "stopped"
    assert TEXT.startswith(reply.text)
    assert endpoint.sink.text.startswith(reply.text)
    assert len(endpoint.server.requests) == 1
    # The thread that read the stream ends at once: its connection is gone.
    until = time.monotonic() + 10
    while time.monotonic() < until:
        left = [t for t in threading.enumerate() if t.name == "model call"]
        if not [thread for thread in left if thread.ident not in before]:
            break
        time.sleep(0.02)
    else:
        pytest.fail("the request is still under way")


def test_a_person_may_stop_while_the_endpoint_makes_them_wait(serve: Any) -> None:
    endpoint = serve("429:8")
    endpoint.waits = waits = []
    endpoint.client._sleep = waits.append

    reply = endpoint.ask(stopped=lambda: len(waits) >= 2)

    assert reply == Reply("", (), "stopped")
    assert len(endpoint.server.requests) == 1


def test_an_endpoint_without_tools_is_told_plainly_and_asked_only_once(serve: Any) -> None:
    endpoint = serve(more={"tools": False})

    for _ in range(2):
        with pytest.raises(ModelFailed, match=r"^the endpoint takes no tools with test-model$"):
            endpoint.ask()

    assert len(endpoint.server.requests) == 1
    assert endpoint.kept[-1].tools is False
    assert endpoint.ask(tools=()).text == TEXT


def test_an_endpoint_that_refuses_streams_is_asked_plainly_from_then_on(serve: Any) -> None:
    endpoint = serve(answer=CALLS, more={"streaming": False})

    first, second = endpoint.ask(), endpoint.ask()

    assert first == second
    assert first.text == CALLS.text
    assert [call.name for call in first.calls] == ["week", "explain_account"]
    assert endpoint.ways() == ["counted", "streamed", "", ""]
    assert endpoint.known.streaming is False


def test_an_endpoint_that_ignores_stream_and_answers_whole_is_asked_plainly(serve: Any) -> None:
    endpoint = serve("whole")

    assert endpoint.ask().text == TEXT
    assert endpoint.sink.text == TEXT
    assert endpoint.known.streaming is False


@pytest.mark.parametrize(
    ("stream_usage", "ways"),
    [("refused", ["counted", "streamed", "streamed"]), ("ignored", ["counted", "streamed"])],
)
def test_usage_that_an_endpoint_does_not_send_is_estimated_and_asked_for_no_more(
    serve: Any, stream_usage: str, ways: list[str]
) -> None:
    endpoint = serve(more={"stream_usage": stream_usage})

    endpoint.ask()
    endpoint.ask()

    assert endpoint.ways() == ways
    assert endpoint.known.stream_usage is False
    first = endpoint.notes.calls[0]
    # The answer has 86 bytes: 22 tokens; the request's JSON is counted the same way.
    assert len(TEXT.encode()) == 86
    asked = len(json.dumps(ASKED) + json.dumps(TOOLS))
    assert (first.estimated, first.output_tokens) == (True, 22)
    assert first.input_tokens == -(-asked // 4)
    assert endpoint.spending.output_tokens == 44


def test_a_newer_model_gets_its_token_limit_under_the_name_it_knows(serve: Any) -> None:
    endpoint = serve(more={"limit": "max_completion_tokens"})

    endpoint.ask()
    endpoint.ask()

    assert [("max_tokens" in request) for request in endpoint.server.requests] == [
        True,
        False,
        False,
    ]
    assert endpoint.known.limit == "max_completion_tokens"


def test_a_limit_name_that_was_learned_wrongly_is_learned_anew(serve: Any) -> None:
    endpoint = serve(more={"limit": "max_tokens"})
    endpoint.client.known.learn(limit="max_completion_tokens")

    assert endpoint.ask().text == TEXT
    assert endpoint.known.limit == "max_tokens"


def test_every_call_is_noted_with_the_figures_of_the_endpoint(serve: Any) -> None:
    answer = ModelAnswer(TEXT, input_tokens=3_000, output_tokens=200)
    endpoint = serve(answer=answer)
    prices = Prices(input_per_1k=Decimal("0.01"), output_per_1k=Decimal("0.05"))
    endpoint.spending = Spending(Budget(), prices, 2_000)

    endpoint.ask()

    # 3 x 0.01 + 0.2 x 0.05 = 0.04.
    assert endpoint.notes.calls == [
        Used(
            model="test-model",
            prompt="chat",
            prompt_version=1,
            input_tokens=3_000,
            output_tokens=200,
            estimated=False,
            cost="0.04",
        )
    ]
    assert (endpoint.spending.input_tokens, endpoint.spending.cost) == (3_000, "0.04")
    assert endpoint.spending.calls == 1


def test_a_cut_stream_is_noted_by_estimate_and_a_refused_request_not_at_all(serve: Any) -> None:
    endpoint = serve("status:500", "cut:3", "ok")

    endpoint.ask()

    assert [call.estimated for call in endpoint.notes.calls] == [True, False]
    # Two chunks of 24 characters had come: 48 bytes, 12 tokens.
    assert endpoint.notes.calls[0].output_tokens == 12


def test_a_month_that_is_used_up_stops_the_call_before_it_is_made(serve: Any) -> None:
    endpoint = serve(refusal="the month's limit is reached")

    with pytest.raises(OverBudget, match="month's limit"):
        endpoint.ask()

    assert endpoint.server.requests == []
    # The request's estimate and the longest answer: what the call could use at most.
    assert endpoint.notes.worst[0] > 2_000


def test_a_turn_s_budget_of_calls_counts_tries(serve: Any) -> None:
    endpoint = serve("cut:3")
    endpoint.spending = Spending(Budget(max_calls=2), None, 2_000, per="turn")

    with pytest.raises(OverBudget, match=r"^the budget allows 2 calls a turn$"):
        endpoint.ask()
    assert endpoint.sink.text == ""


def test_messages_with_calls_and_no_text_are_counted(serve: Any) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "week", "arguments": "{}"}}
    messages: list[Message] = [
        *ASKED,
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "none"},
    ]

    assert serve().ask(messages).text == TEXT


def test_fifty_chats_at_once_each_hear_their_own_answer() -> None:
    def echo(request: dict[str, Any]) -> ModelAnswer:
        return ModelAnswer(f"You asked: {request['messages'][-1]['content']}")

    with model_server(echo) as server:
        client = OpenAIClient(ModelSettings(base_url=server.base_url, model="m"))

        def one(number: int) -> tuple[str, str]:
            sink = Sink()
            reply = OpenAIChat(client).reply(
                [{"role": "user", "content": f"question {number}"}],
                TOOLS,
                spending=Spending(Budget(), None, 100),
                deadline=Deadline(60),
                sink=sink,
                stopped=lambda: False,
            )
            return reply.text, sink.text

        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(one, range(50)))
        client.close()

    assert answers == [(f"You asked: question {n}",) * 2 for n in range(50)]
