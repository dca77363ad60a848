"""What all tests share."""

import gc
import os
import signal

from hypothesis import settings

# Before NumPy is there, and for the commands that tests start as well. Their matrices are small,
# and threads of two libraries on cores that other workers use mostly wait for each other.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

# No test demands a time: a busy machine must not fail a property.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


# A shell that puts the tests in the background has them ignore Ctrl-C, and a child would too:
# the tests of an interrupt would then wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Look for garbage less often: it took every sixth second of the tests.

    What is loaded by now stays to the end, and of young objects there are ten thousands in
    every plan and every frame.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
