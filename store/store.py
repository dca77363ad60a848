"""Everything that is kept, over one home folder and one database."""

from __future__ import annotations

from types import TracebackType

from store.blobs import Blobs
from store.books import Books
from store.clock import Clock, system_clock
from store.coverage_models import CoverageModels
from store.cycle import CyclePlans
from store.database import Database
from store.decisions import Decisions
from store.documents import Documents
from store.effects import Effects
from store.findings import PlanFindings
from store.handovers import Handovers
from store.home import Home
from store.ledgers import Ledgers
from store.notes import NotesIndex
from store.plans import Plans
from store.questions import Questions
from store.retention import Retention
from store.run_log import RunLog
from store.runs import Runs
from store.scenarios import Scenarios
from store.threads import Threads
from store.turn_texts import TurnTexts
from store.usage import Usage


class Store:
    """One object per kind of thing kept. Every method of each takes a `Principal` first."""

    def __init__(self, home: Home, database: Database, clock: Clock) -> None:
        self.home = home
        self.clock = clock
        self._database = database
        self._release = False
        self.books = Books(database, home, clock)
        self.coverage = CoverageModels(database, clock)
        self.blobs = Blobs(database, clock)
        self.ledgers = Ledgers(database, clock)
        self.plans = Plans(database, clock)
        self.findings = PlanFindings(database)
        self.handovers = Handovers(database)
        self.questions = Questions(database, clock)
        self.scenarios = Scenarios(database, clock)
        self.cycle = CyclePlans(database, clock)
        self.decisions = Decisions(database)
        self.effects = Effects(database, self.decisions)
        self.runs = Runs(database, clock)
        self.threads = Threads(database, clock)
        self.run_log = RunLog(database, clock)
        self.turn_texts = TurnTexts(database)
        self.retention = Retention(database, clock)
        self.usage = Usage(database, clock)
        self.documents = Documents()
        self.notes = NotesIndex(database, home, self.books)

    @classmethod
    def open(cls, home: Home, clock: Clock = system_clock) -> Store:
        """Open the store in a home folder, migrating its database where needed.

        The folder is taken for this process, and given up by `close`, unless the caller
        owns it already.

        Raises
        ------
        HomeBusy
            When another process owns the folder.
        Broken
            When the database was written by a newer version.
        """
        release = not home.owned
        home.own()
        try:
            store = cls(home, Database(home.database), clock)
        except BaseException:
            if release:
                home.release()
            raise
        store._release = release
        return store

    def close(self) -> None:
        """Close the database and the index, and give the folder up if `open` took it."""
        self.notes.close()
        self._database.close()
        if self._release:
            self.home.release()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
