"""Answers from a log, as they were given: `python -m eval.solvers.recorded --log FOLDER`."""

from __future__ import annotations

import argparse
from pathlib import Path

from eval.solvers.protocol import serve
from eval.solvers.recording import Recording

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, required=True, metavar="FOLDER")
    serve(Recording(parser.parse_args().log).answer)
