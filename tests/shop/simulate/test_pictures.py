from __future__ import annotations

from tests.shop.simulate.builders import a_plan

from zhanggui.kernel.media import inspect_image
from zhanggui.shop.simulate import World, draw_picture
from zhanggui.shop.simulate.shelves import goods, shapes


def test_every_shelf_has_a_picture_that_decodes() -> None:
    first = {product.category: product for product in World(a_plan(products=100)).stock.products}

    assert len(first) == len(goods().shelf)
    for product in first.values():
        facts = inspect_image(draw_picture(product, 96))
        assert (facts.format, facts.width, facts.height) == ("PNG", 96, 96)


def test_a_picture_is_drawn_the_same_each_time_and_differs_by_product() -> None:
    products = World(a_plan()).stock.products

    assert draw_picture(products[0]) == draw_picture(products[0])
    assert len({draw_picture(product, 64) for product in products}) > 0.8 * len(products)


def test_every_shape_is_drawn_of_known_strokes_within_the_picture() -> None:
    for strokes in shapes().values():
        for stroke in strokes:
            kind, *points, tone = stroke.split()
            assert kind in {"box", "oval", "shape", "line"}
            assert tone in {"main", "dark", "light", "accent"}
            assert all(0 <= int(point) <= 100 for point in points)
