import json
import re
from pathlib import Path

import pytest

from domain.record import canonical_json
from tests.agent.contract_cassette import CASSETTE, LABEL, recorder, write
from tests.agent.openai_server import KEY

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
