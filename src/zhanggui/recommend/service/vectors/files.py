"""Files of vectors: Parquet with `product_id` and `vector`, or .npz with `ids` and `vectors`."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.errors import UnusableVectors

_PARQUET, _NPZ = {".parquet", ".pq"}, ".npz"
_HINT = (
    "Write Parquet with the columns product_id (text) and vector (a list of numbers), or .npz with the arrays "
    "ids (text) and vectors (rows, values)."
)


def read_vectors(path: Path) -> tuple[list[str], NDArray[np.float32]]:
    """Product ids and (n, d) vectors, as they stand in a file.

    Raises:
        UnusableVectors: it is not there, of another kind, broken, or its rows are of several lengths.
    """
    if not path.is_file():
        raise UnusableVectors(f"There is no file {path}.", hint="Check the path.")
    kind = path.suffix.lower()
    if kind in _PARQUET:
        return _parquet(path)
    if kind == _NPZ:
        return _npz(path)
    raise UnusableVectors(f"{path.name} is neither Parquet nor .npz.", hint=_HINT)


def _parquet(path: Path) -> tuple[list[str], NDArray[np.float32]]:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        missing = {"product_id", "vector"} - set(file.schema_arrow.names)
        if missing:
            raise _without(path, sorted(missing), file.schema_arrow.names)
        table = file.read(columns=["product_id", "vector"]).combine_chunks()
        ids = table.column("product_id").cast(pa.string()).to_pylist()
        lists = table.column("vector").combine_chunks().cast(pa.large_list(pa.float32()))
    except (pa.ArrowException, OSError) as error:
        raise UnusableVectors(f"{path.name} cannot be read: {error}", hint=_HINT) from error
    lengths = pc.list_value_length(lists).to_numpy(zero_copy_only=False)
    return ids, _matrix(path, lengths, lists.flatten())


def _matrix(path: Path, lengths: NDArray[Any], values: Any) -> NDArray[np.float32]:
    wanted = lengths[0] if len(lengths) else 0
    other = np.flatnonzero(~(lengths == wanted))
    if len(other) or np.isnan(wanted):
        row = int(other[0]) if len(other) else 0
        seen = "none" if np.isnan(lengths[row]) else f"{int(lengths[row])} values"
        raise UnusableVectors(f"{path.name}: row {row + 1} has {seen}, the first row {wanted}.", hint=_HINT)
    flat: NDArray[np.float32] = values.to_numpy(zero_copy_only=False).astype(np.float32)
    return flat.reshape(len(lengths), int(wanted))


def _npz(path: Path) -> tuple[list[str], NDArray[np.float32]]:
    try:
        with np.load(path, allow_pickle=False) as held:
            missing = {"ids", "vectors"} - set(held.files)
            if missing:
                raise _without(path, sorted(missing), held.files)
            ids, vectors = held["ids"], held["vectors"]
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise UnusableVectors(f"{path.name} cannot be read: {error}", hint=_HINT) from error
    if vectors.ndim != 2 or vectors.dtype.kind not in "fiu" or ids.shape != vectors.shape[:1]:
        words = f"{path.name} has ids of the shape {ids.shape} and vectors of {vectors.shape} {vectors.dtype}."
        raise UnusableVectors(words, hint=_HINT)
    return [str(one) for one in ids.tolist()], vectors.astype(np.float32)


def _without(path: Path, missing: list[str], there: list[str]) -> UnusableVectors:
    return UnusableVectors(f"{path.name} has no {' and no '.join(missing)}; it has {', '.join(there)}.", hint=_HINT)
