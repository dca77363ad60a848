import json
import re
from pathlib import Path

import pytest

from domain.record import canonical_json
from eval.adversaries.model_server import KEY
from tests.agent.contract_cassette import CASSETTE, CHAT_CASSETTE, LABEL, chat, recorder, write

HERE = Path(__file__).parents[1] / "cassettes"
SECRETS = re.compile(r"sk-[\w-]{8,}|bearer |authorization|api[_-]?key|x-stainless", re.IGNORECASE)


def test_what_is_sent_and_how_an_answer_is_read_is_as_recorded() -> None:
    # Nobody listens at this address: an unrecorded request would be a failed connection.
    with recorder("none").use_cassette(str(CASSETTE)) as cassette:
        written = write("http://127.0.0.1:1/v1")

    assert cassette.all_played, "the prompt or the schema changed: see tests/cassettes/README.md"
    assert written.note.notice == ""
    answered = json.loads(cassette.responses[-1]["body"]["string"])
    content = answered["choices"][0]["message"]["content"]
    assert canonical_json(written.draft) == content
    assert (written.note.input_tokens, written.note.output_tokens) == (2000, 500)


def test_a_streamed_call_of_a_tool_and_its_answer_are_as_recorded() -> None:
    with recorder("none").use_cassette(str(CHAT_CASSETTE)) as cassette:
        first, second, spending, heard = chat("http://127.0.0.1:1/v1")

    assert cassette.all_played, "what chat sends changed: see tests/cassettes/README.md"
    assert (first.text, first.finish) == ("Let me look.", "tools")
    assert [(call.call_id, call.name, call.arguments) for call in first.calls] == [
        ("call_0", "explain_account", '{"account_id": "A-205"}')
    ]
    assert (second.text, second.calls, second.finish) == (
        "Spend over the last 12 months is {{e1}}.",
        (),
        "stop",
    )
    assert heard.text == first.text + second.text
    # 12 bytes of text, 15 of the name and 23 of arguments: 50, so 13 tokens; then 40: 10.
    assert spending.output_tokens == 23
    for request, response in zip(cassette.requests, cassette.responses, strict=True):
        asked = json.loads(request.body)
        assert (asked["stream"], asked["stream_options"]) == (True, {"include_usage": True})
        assert b"data: [DONE]" in response["body"]["string"]


def test_every_cassette_says_that_no_model_wrote_it() -> None:
    for file in sorted(HERE.glob("*.yaml")):
        assert file.read_text(encoding="utf-8").startswith(LABEL), file.name
        assert file.name in (HERE / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", sorted(HERE.iterdir()), ids=lambda file: file.name)
def test_no_cassette_holds_a_secret(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert KEY not in text
    if file.suffix == ".yaml":
        assert not SECRETS.findall(text)
