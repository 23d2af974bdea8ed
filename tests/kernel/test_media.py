from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.media import (
    BadImage,
    BadMediaName,
    ImageLimits,
    ImageTooLarge,
    MediaStore,
    UnknownMedia,
    inspect_image,
    thumbnail,
)


def a_picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **save: Any) -> bytes:
    image = Image.new(mode, size, (200, 30, 30, 128)[: len(mode)] if mode != "L" else 90)
    image.paste((0, 0, 255), (0, 0, 5, 5)) if mode == "RGB" else None
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def an_animation(kind: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def a_png_bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )


def turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x010F] = "SecretCamera"
    return a_picture("JPEG", exif=exif)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_still_picture_is_known_by_its_content(kind: str) -> None:
    facts = inspect_image(a_picture(kind))

    assert (facts.format, facts.media_type, facts.width, facts.height) == (kind, f"image/{kind.lower()}", 40, 20)


def test_transparency_is_seen() -> None:
    assert inspect_image(a_picture("PNG", mode="RGBA")).has_alpha
    assert not inspect_image(a_picture("PNG")).has_alpha


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"hello", "no picture"),
        (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "SVG"),
        (b"  <svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<html><script>", "HTML"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "ZIP"),
        (a_picture("BMP"), "BMP"),
    ],
)
def test_what_is_no_picture_we_take_is_named(data: bytes, word: str) -> None:
    with pytest.raises(BadImage, match=word) as refused:
        inspect_image(data)

    assert "JPEG" in refused.value.hint


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_refused(kind: str) -> None:
    with pytest.raises(BadImage, match="animated"):
        inspect_image(an_animation(kind))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_cut_short_is_refused(kind: str) -> None:
    data = a_picture(kind, size=(300, 300))

    with pytest.raises(BadImage, match="broken or cut short"):
        inspect_image(data[: len(data) // 2])


@pytest.mark.parametrize("size", [(20_001, 1), (9_000, 9_000), (12_000, 12_000), (60_000, 60_000)])
@pytest.mark.filterwarnings("ignore:Image size")
def test_a_decompression_bomb_is_refused_before_it_unpacks(size: tuple[int, int]) -> None:
    with pytest.raises(ImageTooLarge):
        inspect_image(a_png_bomb(*size))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(ImageTooLarge, match="bytes"):
        inspect_image(a_picture(), ImageLimits(most_bytes=10))


def test_a_text_chunk_that_unpacks_into_a_flood_is_refused() -> None:
    body = b"comment\0\0" + zlib.compress(bytes(80_000_000))
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    picture = a_picture("PNG")

    with pytest.raises((BadImage, ImageTooLarge)):
        inspect_image(picture[:33] + chunk + picture[33:])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]),
    where=st.floats(0, 0.999),
    junk=st.binary(min_size=1, max_size=8),
)
@pytest.mark.filterwarnings("default")
def test_damaged_bytes_are_decoded_or_refused_and_never_crash(kind: str, where: float, junk: bytes) -> None:
    data = bytearray(a_picture(kind))
    at = int(where * len(data))
    data[at : at + len(junk)] = junk

    for reader in (inspect_image, lambda damaged: thumbnail(damaged, 16)):
        with suppress(ZhangguiError):
            reader(bytes(data))


@pytest.mark.parametrize("image_format", ["webp", "jpeg", "png"])
def test_a_thumbnail_fits_is_upright_and_carries_nothing(image_format: Any) -> None:
    small = thumbnail(turned(), 10, image_format=image_format)

    with Image.open(io.BytesIO(small)) as image:
        assert (image.format or "").lower() == image_format
        assert image.size == (5, 10)
        assert not image.getexif()
        assert "icc_profile" not in image.info
    assert b"SecretCamera" not in small
    assert inspect_image(turned()).width == 20


def test_a_thumbnail_never_enlarges() -> None:
    assert inspect_image(thumbnail(a_picture(size=(8, 4)), 100)).width == 8


def test_transparency_stays_in_webp_and_becomes_white_in_jpeg() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(clear, "PNG")

    assert inspect_image(thumbnail(clear.getvalue(), 10)).has_alpha
    with Image.open(io.BytesIO(thumbnail(clear.getvalue(), 10, image_format="jpeg"))) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"no profile"])
def test_a_colour_profile_is_applied_or_passed_over(profile: bytes) -> None:
    assert inspect_image(thumbnail(a_picture("PNG", icc_profile=profile), 10)).width == 10


@pytest.mark.parametrize("size", [0, -1, 5000])
def test_an_impossible_thumbnail_is_refused(size: int) -> None:
    with pytest.raises(BadImage):
        thumbnail(a_picture(), size)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(data=st.binary(max_size=100))
def test_what_was_put_comes_back_under_the_same_name(tmp_path: Path, data: bytes) -> None:
    store = MediaStore(tmp_path / "media")

    name = store.put(data)

    assert store.put(data) == name
    assert store.get(name) == data
    assert store.has(name)
    assert name in list(store.names())


def test_a_put_leaves_no_draft_behind(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    name = store.put(b"x")

    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()] == [
        f"{name[:2]}/{name[2:]}"
    ]
    store.remove(name)
    assert list(store.names()) == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "", "a/" * 32, "\0" * 64]
)
def test_a_name_that_could_be_a_path_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadMediaName):
        MediaStore(tmp_path).get(name)


def test_an_unknown_name_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnknownMedia, match="0000"):
        MediaStore(tmp_path).get("0" * 64)
