"""Products as vectors of who took what, against a matrix worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from zhanggui.recommend import product_vectors


def test_products_of_vectors_are_those_of_the_scaled_matrix() -> None:
    # 7 took 0 (twice, which counts once) and 1; 9 took 1; nobody took 2.
    vectors = product_vectors(np.array([7, 7, 7, 9]), np.array([0, 0, 1, 1]), 3)

    much = 2**-0.34  # 7 took two
    common = (1 + much) ** -0.34  # what 1 was taken, after that; less than once counts as once
    scaled = np.array([[much, much * common, 0.0], [0.0, common, 0.0]])
    assert vectors @ vectors.T == pytest.approx(scaled.T @ scaled, abs=1e-5)
    assert vectors[2] == pytest.approx(0.0, abs=1e-5)
