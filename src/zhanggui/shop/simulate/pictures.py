"""Product pictures drawn from the facts: a shape per shelf, colours per product. The same product, the same bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from zhanggui.kernel.ids import hash64
from zhanggui.shop.types import Product

from .shelves import goods, shapes

if TYPE_CHECKING:
    from PIL import ImageDraw

ACCENTS = ("#e63946", "#f4a261", "#2a9d8f", "#264653", "#ffb703", "#7b2cbf")
GROUNDS = ("#fdf6ec", "#eef4ed", "#eaf2f8", "#fbeff2", "#f3f0fa", "#f6f6f1")

_FINER = 2  # drawn so much larger, then reduced: smooth edges


def draw_picture(product: Product, size: int = 256) -> bytes:
    """A PNG of `size` × `size` pixels: the shape of the product's shelf in colours of its own."""
    from PIL import Image, ImageDraw

    shelf = next((each for each in goods().shelf if each.category == product.category), goods().shelf[0])
    dice = hash64(product.id) & 0x7FFF_FFFF_FFFF_FFFF
    tones = _tones(shelf.colours[dice % len(shelf.colours)], ACCENTS[dice // 7 % len(ACCENTS)])
    scale = size * _FINER / 100
    image = Image.new("RGB", (size * _FINER, size * _FINER), GROUNDS[dice // 43 % len(GROUNDS)])
    draw = ImageDraw.Draw(image)
    draw.ellipse([scale * at for at in (8, 8, 92, 92)], fill="#ffffff")
    draw.ellipse([scale * at for at in (22, 78, 78, 90)], fill="#e4e2dd")
    for stroke in shapes()[shelf.shape]:
        kind, *points, tone = stroke.split()
        _stroke(draw, kind, [scale * float(at) for at in points], tones[tone], scale)
    for n in range(dice // 311 % 4):  # a few dots tell apart what would look alike
        x, y = 12 + 9 * n, 90 - dice // 997 % 3
        draw.ellipse([scale * at for at in (x, y, x + 5, y + 5)], fill=tones["accent"])
    out = io.BytesIO()
    small = image.reduce(_FINER).quantize(64, method=Image.Quantize.FASTOCTREE)
    small.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _tones(main: str, accent: str) -> dict[str, str]:
    return {"main": main, "dark": _mixed(main, 0, 0.3), "light": _mixed(main, 255, 0.6), "accent": accent}


def _mixed(colour: str, towards: int, share: float) -> str:
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (towards - part) * share):02x}" for part in parts)


def _stroke(draw: ImageDraw.ImageDraw, kind: str, points: list[float], colour: str, scale: float) -> None:
    match kind:
        case "box":
            draw.rounded_rectangle(points, radius=2.5 * scale, fill=colour)
        case "oval":
            draw.ellipse(points, fill=colour)
        case "shape":
            draw.polygon(points, fill=colour)
        case _:
            draw.line(points, fill=colour, width=round(1.5 * scale))
