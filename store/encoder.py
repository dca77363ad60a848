"""The dense half of retrieval: vectors computed from the book's own documents, offline.

Latent semantic analysis (Deerwester et al. 1990, doi:10.1002/(SICI)1097-4571(199009)41:6):
TF-IDF, then a truncated singular value decomposition. A book with too few documents to
decompose gets hashed character n-grams instead.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from store.blas import one_thread
from store.home import write_whole

DIMENSIONS = 96
SMALLEST_CORPUS = 24
LARGEST_VOCABULARY = 20_000

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts, given as their terms, into rows of unit length (or of zeros)."""

    @property
    def name(self) -> str:
        """Method and version, as kept beside the vectors."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a row."""
        ...

    def encode(self, texts: Sequence[Sequence[str]]) -> Vectors:
        """Return one row per text."""
        ...


class HashEncoder:
    """Hashed character n-grams (3 to 5) of every term: needs no corpus."""

    name = "hash-1"
    dimensions = 256

    def encode(self, texts: Sequence[Sequence[str]]) -> Vectors:
        """Return one row per text."""
        rows = np.zeros((len(texts), self.dimensions))
        for row, text in enumerate(texts):
            for term, count in sorted(Counter(text).items()):
                for place, sign in _grams(term):
                    rows[row, place] += sign * (1 + math.log(count))
        return _unit(rows)


class LsaEncoder:
    """TF-IDF projected on the leading singular vectors of the corpus it was fitted on."""

    name = "lsa-1"

    def __init__(
        self, vocabulary: Sequence[str], idf: npt.NDArray[np.float64], components: Vectors
    ) -> None:
        self._vocabulary = list(vocabulary)
        self._places = {term: place for place, term in enumerate(self._vocabulary)}
        self._idf = idf
        self._components = components

    @property
    def dimensions(self) -> int:
        """Length of a row."""
        return int(self._components.shape[1])

    @classmethod
    def fit(cls, texts: Sequence[Sequence[str]]) -> LsaEncoder | None:
        """Fit on a corpus; None when it has too few texts or terms to decompose."""
        frequency = Counter(term for text in texts for term in set(text))
        common = sorted(
            (term for term, count in frequency.items() if count >= 2),
            key=lambda term: (-frequency[term], term),
        )
        vocabulary = sorted(common[:LARGEST_VOCABULARY])
        size = min(len(texts), len(vocabulary))
        if size < SMALLEST_CORPUS:
            return None
        counts = np.array([frequency[term] for term in vocabulary], dtype=np.float64)
        idf = np.log((1 + len(texts)) / (1 + counts)) + 1
        from scipy.sparse.linalg import svds

        unfitted = cls(vocabulary, idf, np.zeros((len(vocabulary), 0), dtype=np.float32))
        matrix = unfitted._weigh(texts)
        rank = min(DIMENSIONS, size - 1)
        # A fixed start vector: svds otherwise draws one and signs and digits would differ.
        start = np.ones(min(matrix.shape)) / np.sqrt(min(matrix.shape))
        with one_thread():
            _, values, right = svds(matrix, k=rank, v0=start, solver="arpack")
        order = np.argsort(-values, kind="stable")
        kept = right[order][values[order] > 1e-9]
        signs = np.sign(kept[np.arange(len(kept)), np.abs(kept).argmax(axis=1)])
        return cls(vocabulary, idf, (kept * signs[:, None]).T.astype(np.float32))

    def encode(self, texts: Sequence[Sequence[str]]) -> Vectors:
        """Return one row per text; zeros for a text without a known term."""
        return _unit(np.asarray(self._weigh(texts) @ self._components, dtype=np.float64))

    def save(self, path: Path) -> None:
        """Write the fitted encoder, whole or not at all."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            vocabulary=np.array(self._vocabulary, dtype=np.str_),
            idf=self._idf,
            components=self._components,
        )
        write_whole(path, buffer.getvalue())

    @classmethod
    def load(cls, path: Path) -> LsaEncoder:
        """Read a fitted encoder; OSError or ValueError when the file is missing or damaged."""
        with np.load(path, allow_pickle=False) as kept:
            return cls([str(term) for term in kept["vocabulary"]], kept["idf"], kept["components"])

    def _weigh(self, texts: Sequence[Sequence[str]]) -> Any:
        """Rows of TF-IDF weights as a sparse matrix (scipy has no types)."""
        from scipy.sparse import csr_matrix

        idf = self._idf.tolist()
        columns: list[int] = []
        weights: list[float] = []
        ends = [0]
        for text in texts:
            counted = Counter(
                place for term in text if (place := self._places.get(term)) is not None
            )
            places = sorted(counted)
            row = [(1 + math.log(counted[place])) * idf[place] for place in places]
            length = math.sqrt(math.fsum(weight * weight for weight in row)) or 1.0
            columns.extend(places)
            weights.extend(weight / length for weight in row)
            ends.append(len(columns))
        return csr_matrix((weights, columns, ends), shape=(len(texts), len(self._vocabulary)))


def fit_encoder(texts: Sequence[Sequence[str]]) -> Encoder:
    """Return the encoder for a corpus: fitted on it, or hashed where it is too small."""
    return LsaEncoder.fit(texts) or HashEncoder()


@lru_cache(maxsize=50_000)
def _grams(term: str) -> tuple[tuple[int, int], ...]:
    marked = f"<{term}>"
    grams = {
        marked[start : start + size]
        for size in (3, 4, 5)
        for start in range(len(marked) - size + 1)
    } | {marked}
    places = []
    for gram in sorted(grams):
        digest = hashlib.blake2b(gram.encode(), digest_size=8).digest()
        number = int.from_bytes(digest, "big")
        places.append((number % HashEncoder.dimensions, 1 if number >> 63 else -1))
    return tuple(places)


def _unit(rows: npt.NDArray[np.float64]) -> Vectors:
    lengths = np.sqrt(np.square(rows).sum(axis=1, keepdims=True))
    return (rows / np.where(lengths > 1e-12, lengths, 1.0)).astype(np.float32)
