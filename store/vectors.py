"""Vectors of the notes index, in Chroma: one collection per workspace, rebuilt when it differs."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from domain.errors import Broken
from store.corpus import Corpus
from store.database import Database
from store.encoder import Encoder, HashEncoder, LsaEncoder, fit_encoder
from store.home import Home
from store.schema import note_indexes

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

# Chroma accepts 5,461 rows at once.
_BATCH = 4000


class VectorShelf:
    """The vectors of every workspace.

    SQL remembers which content a collection was built from, so that opening an index that
    matches loads nothing; the collection carries the same word and is asked before its
    first use. One that says otherwise is never queried but built again.
    """

    def __init__(self, database: Database, home: Home) -> None:
        self._database = database
        self._home = home
        self._lock = threading.RLock()
        self._client: Client | None = None
        self._encoders: dict[str, tuple[str, Encoder]] = {}
        self._collections: dict[str, tuple[str, Collection]] = {}
        self._vectors: dict[str, tuple[str, dict[str, npt.NDArray[np.float64]]]] = {}

    def fill(self, workspace: str, corpus: Corpus, *, force: bool = False) -> bool:
        """Make the workspace's vectors those of `corpus`; False when they were already."""
        with self._lock:
            if not force and self._matches(workspace, corpus):
                return False
            self._build(workspace, corpus)
            return True

    def encoder(self, workspace: str, corpus: Corpus) -> Encoder:
        """Return the encoder the corpus was indexed with."""
        with self._lock:
            known = self._encoders.get(workspace)
            if known is None or known[0] != corpus.content_hash:
                if not self._matches(workspace, corpus):
                    self._build(workspace, corpus)
                known = self._encoders[workspace]
            return known[1]

    def rows_about(
        self, workspace: str, corpus: Corpus, about: Sequence[str]
    ) -> npt.NDArray[np.float64]:
        """Return one vector per row of `corpus.rows_about(about)`, in that order.

        Raises Broken when the collection, though just rebuilt, lacks rows.
        """
        with self._lock:
            self.encoder(workspace, corpus)
            try:
                parts = [self._about(workspace, corpus, entity) for entity in about]
            except _RowsDiffer:
                self._build(workspace, corpus)
                try:
                    parts = [self._about(workspace, corpus, entity) for entity in about]
                except _RowsDiffer as error:
                    raise Broken(
                        f"The notes index of workspace {workspace!r} loses rows: {error}.",
                        hint=f"Delete {self._home.chroma} and start again; it is rebuilt.",
                    ) from error
        return np.vstack([part for part in parts if len(part)])

    def close(self) -> None:
        """Let go of Chroma's files."""
        with self._lock:
            self._collections.clear()
            self._vectors.clear()
            if self._client is not None:
                self._client.close()
                self._client = None

    def _about(self, workspace: str, corpus: Corpus, entity: str) -> npt.NDArray[np.float64]:
        known = self._vectors.get(workspace)
        if known is None or known[0] != corpus.content_hash:
            known = self._vectors[workspace] = (corpus.content_hash, {})
        if entity not in known[1]:
            known[1][entity] = self._read(workspace, corpus, entity)
        return known[1][entity]

    def _read(self, workspace: str, corpus: Corpus, entity: str) -> npt.NDArray[np.float64]:
        if not entity:
            raise ValueError("A search is always about something.")
        wanted = [corpus.spans[row].key for row in corpus.rows_about([entity])]
        if not wanted:
            return np.zeros((0, 0))
        # Reading what the filter admits and comparing here is exact, so the order never
        # depends on how an approximate graph was built; and it is faster than a filtered query.
        got = self._collection(workspace, corpus).get(
            where={"about": entity}, include=["embeddings", "metadatas"]
        )
        vectors, marks = got["embeddings"], got["metadatas"]
        if vectors is None or marks is None:
            raise _RowsDiffer(f"{entity} came without vectors")
        rows = {
            key: vector
            for key, vector, mark in zip(got["ids"], vectors, marks, strict=True)
            if mark.get("about") == entity
        }
        if sorted(rows) != sorted(wanted):
            raise _RowsDiffer(f"{entity} should have {len(wanted)} and has {len(rows)}")
        return np.asarray([rows[key] for key in wanted], dtype=np.float64)

    def _matches(self, workspace: str, corpus: Corpus) -> bool:
        with self._database.reading() as connection:
            row = connection.execute(
                note_indexes.select().where(note_indexes.c.workspace_id == workspace)
            ).first()
        if row is None or row.content_hash != corpus.content_hash:
            return False
        known = self._encoders.get(workspace)
        if known is None or known[0] != corpus.content_hash:
            encoder = self._load_encoder(workspace, corpus, row.encoder)
            if encoder is None or encoder.dimensions != row.dimensions:
                return False
            self._encoders[workspace] = (corpus.content_hash, encoder)
        return True

    def _load_encoder(self, workspace: str, corpus: Corpus, name: str) -> Encoder | None:
        if name == HashEncoder.name:
            return HashEncoder()
        if name != LsaEncoder.name:
            return None
        try:
            return LsaEncoder.load(self._home.encoders / _encoder_file(workspace, corpus))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None

    def _build(self, workspace: str, corpus: Corpus) -> None:
        encoder = fit_encoder(corpus.terms)
        vectors = encoder.encode(corpus.terms)
        name = _collection_name(workspace)
        client = self._open()
        with self._database.writing() as connection:
            connection.execute(
                note_indexes.delete().where(note_indexes.c.workspace_id == workspace)
            )
        if name in {collection.name for collection in client.list_collections()}:
            client.delete_collection(name)
        collection = client.create_collection(
            name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        for start in range(0, len(corpus.spans), _BATCH):
            batch = corpus.spans[start : start + _BATCH]
            collection.add(
                ids=[span.key for span in batch],
                embeddings=vectors[start : start + _BATCH],
                metadatas=[{"about": corpus.documents[span.document].about} for span in batch],
            )
        for old in self._home.encoders.glob(f"{name}-*.npz"):
            old.unlink(missing_ok=True)
        if isinstance(encoder, LsaEncoder):
            encoder.save(self._home.encoders / _encoder_file(workspace, corpus))
        # Last: a build that was cut short leaves no word of being complete.
        collection.modify(metadata=_label(corpus, encoder))
        with self._database.writing() as connection:
            connection.execute(
                note_indexes.insert().values(
                    workspace_id=workspace,
                    content_hash=corpus.content_hash,
                    encoder=encoder.name,
                    dimensions=encoder.dimensions,
                    spans=len(corpus.spans),
                )
            )
        self._encoders[workspace] = (corpus.content_hash, encoder)
        self._collections[workspace] = (corpus.content_hash, collection)
        self._vectors.pop(workspace, None)

    def _collection(self, workspace: str, corpus: Corpus) -> Collection:
        known = self._collections.get(workspace)
        if known is not None and known[0] == corpus.content_hash:
            return known[1]
        client = self._open()
        name = _collection_name(workspace)
        encoder = self._encoders[workspace][1]
        if name in {collection.name for collection in client.list_collections()}:
            collection = client.get_collection(name, embedding_function=None)
            if collection.metadata == _label(corpus, encoder):
                self._collections[workspace] = (corpus.content_hash, collection)
                return collection
        raise _RowsDiffer("the collection is missing or was built from other content")

    def _open(self) -> Client:
        if self._client is None:
            import chromadb
            from chromadb.config import Settings

            try:
                opened = chromadb.PersistentClient(
                    path=str(self._home.chroma), settings=Settings(anonymized_telemetry=False)
                )
            except Exception as error:
                raise Broken(
                    f"The notes index in {self._home.chroma} cannot be opened: {error}.",
                    hint="Delete that folder and start again; it is rebuilt from the book.",
                ) from error
            self._client = cast("Client", opened)
        return self._client


class _RowsDiffer(Exception):
    """The collection does not hold what the book says it should."""


def _label(corpus: Corpus, encoder: Encoder) -> dict[str, Any]:
    return {
        "content": corpus.content_hash,
        "encoder": encoder.name,
        "dimensions": encoder.dimensions,
        "spans": len(corpus.spans),
    }


def _collection_name(workspace: str) -> str:
    return "notes-" + hashlib.sha256(workspace.encode()).hexdigest()[:32]


def _encoder_file(workspace: str, corpus: Corpus) -> str:
    return f"{_collection_name(workspace)}-{corpus.content_hash[:32]}.npz"
