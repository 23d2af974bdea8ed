"""Folders of arrays and one JSON document, written whole and durable before anybody reads them; never a pickle."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .durable import sync_folder

ARRAYS, DOCUMENT = "arrays", "card.json"


def write_artifact(folder: Path, arrays: Mapping[str, NDArray[np.generic]], document: bytes) -> None:
    """Make `folder` with `arrays/<name>.npy` and `card.json`, and wait until all of it is on disk."""
    (folder / ARRAYS).mkdir(parents=True)
    for name, array in arrays.items():
        save_array(folder / ARRAYS / f"{name}.npy", array)
    write_bytes(folder / DOCUMENT, document)
    sync_folders(folder)


def read_arrays(folder: Path) -> dict[str, NDArray[np.generic]]:
    """All arrays of an artifact, by name.

    Raises:
        OSError, ValueError: the folder is not there, or a file is not what was written.
    """
    found: dict[str, NDArray[np.generic]] = {
        path.stem: np.load(path, allow_pickle=False) for path in sorted((folder / ARRAYS).iterdir())
    }
    return found


def save_array(path: Path, array: NDArray[np.generic]) -> None:
    """Write one array and wait until it is on disk."""
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folders(folder: Path) -> None:
    """Wait until the names in an artifact, and its own, are on disk."""
    for one in (folder / ARRAYS, folder, folder.parent):
        sync_folder(one)
