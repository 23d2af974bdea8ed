"""What a picture is, by its content and never by its name; and small versions of it.

Sizes are read from the header and compared with the limits before any pixel is decoded, so a decompression bomb costs
its bytes only. What a thumbnail is made of is pixels: EXIF (with its places and camera numbers), text and profiles go.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Literal

import msgspec

from zhanggui.kernel.errors import InvalidInput, TooLarge

if TYPE_CHECKING:
    from PIL import Image

ThumbnailFormat = Literal["webp", "jpeg", "png"]
THUMBNAIL_FORMATS: tuple[ThumbnailFormat, ...] = ("webp", "jpeg", "png")

_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
_MAGIC = (
    ("JPEG", re.compile(rb"\xff\xd8\xff")),
    ("PNG", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("WEBP", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("GIF", re.compile(rb"GIF8[79]a")),
)
# What people send instead, so that the answer can name it.
_OTHERS = (
    ("an SVG or another XML file", re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml|svg|!DOCTYPE|!--)", re.IGNORECASE)),
    ("an HTML page", re.compile(rb"(\xef\xbb\xbf)?\s*<(html|head|body|script)", re.IGNORECASE)),
    ("an HEIC or AVIF photo", re.compile(rb"....ftyp", re.DOTALL)),
    ("a TIFF", re.compile(rb"II\*\x00|MM\x00\*")),
    ("a BMP", re.compile(rb"BM")),
    ("a PDF", re.compile(rb"%PDF")),
    ("a ZIP archive", re.compile(rb"PK\x03\x04")),
)
_CURE = "Send a still JPEG, PNG, WebP or GIF."


class BadImage(InvalidInput):
    """The bytes are no still picture that can be decoded."""

    code = "media.bad_image"


class ImageTooLarge(TooLarge):
    """The picture is over a limit in bytes, pixels or side length."""

    code = "media.image_too_large"


class ImageLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How much a picture may cost. Decoding takes some 4 bytes a pixel."""

    most_bytes: int = 20 * 2**20
    most_pixels: int = 50_000_000
    longest_side: int = 20_000


DEFAULT_LIMITS = ImageLimits()


class ImageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a picture is; width and height as it is seen, EXIF orientation applied."""

    format: str  # JPEG, PNG, WEBP, GIF
    media_type: str
    width: int
    height: int
    has_alpha: bool
    size_bytes: int


def inspect_image(data: bytes, limits: ImageLimits = DEFAULT_LIMITS) -> ImageFacts:
    """Decode a picture within limits and say what it is.

    Raises:
        BadImage: not a picture, of an unknown kind, animated, truncated or broken.
        ImageTooLarge: over one of the limits.
    """
    from PIL import ImageOps

    with _decoded(data, limits) as (image, kind):
        width, height = ImageOps.exif_transpose(image).size
        return ImageFacts(
            format=kind,
            media_type=_MEDIA_TYPES[kind],
            width=width,
            height=height,
            has_alpha=image.has_transparency_data,
            size_bytes=len(data),
        )


def thumbnail(
    data: bytes, size: int, *, image_format: ThumbnailFormat = "webp", limits: ImageLimits = DEFAULT_LIMITS
) -> bytes:
    """A small version that fits into `size` × `size` pixels, upright, in sRGB, without metadata; never enlarged.

    JPEG has no transparency: it is laid on white.

    Raises:
        BadImage: see `inspect_image`; or `size` is not between 1 and 4096.
        ImageTooLarge: over one of the limits.
    """
    from PIL import Image, ImageOps

    if not 1 <= size <= 4096:
        raise BadImage(f"A thumbnail measures 1 to 4096 pixels, not {size}.")
    with _decoded(data, limits, draft=size) as (image, _):
        upright = _in_srgb(ImageOps.exif_transpose(image))
        upright.thumbnail((size, size), Image.Resampling.LANCZOS)
        if image_format == "jpeg" and upright.mode == "RGBA":
            white = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(white, upright).convert("RGB")
        # A new picture from pixels alone: nothing that hangs on the old one can come along.
        bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    out = io.BytesIO()
    bare.save(out, image_format.upper(), **({} if image_format == "png" else {"quality": 82}))
    return out.getvalue()


def _kind_of(data: bytes) -> str:
    head = data[:256]
    for kind, magic in _MAGIC:
        if magic.match(head):
            return kind
    other = next((name for name, magic in _OTHERS if magic.match(head)), "")
    seen = f"This is {other}, not a picture we take." if other else "These bytes are no picture we know."
    raise BadImage(seen if data else "The picture is empty.", hint=_CURE)


@contextmanager
def _decoded(data: bytes, limits: ImageLimits, *, draft: int = 0) -> Iterator[tuple[Image.Image, str]]:
    """The decoded picture and its kind; with `draft` a JPEG may come smaller, at least twice that size."""
    from PIL import Image

    if len(data) > limits.most_bytes:
        raise ImageTooLarge(f"The picture has {len(data):,} bytes; at most {limits.most_bytes:,} are taken.")
    kind = _kind_of(data)
    with _broken_named(kind), Image.open(io.BytesIO(data), formats=[kind]) as image:
        _check_size(image, limits)
        if getattr(image, "is_animated", False):
            raise BadImage(f"This {kind} is animated.", hint=_CURE)
        if draft and kind == "JPEG":
            image.draft(None, (2 * draft, 2 * draft))
        image.load()
        yield image, kind


def _check_size(image: Image.Image, limits: ImageLimits) -> None:
    width, height = image.size
    if max(width, height) > limits.longest_side or width * height > limits.most_pixels:
        raise ImageTooLarge(
            f"The picture measures {width} × {height}; at most {limits.most_pixels:,} pixels "
            f"and {limits.longest_side:,} along a side are decoded.",
            hint="Send it smaller.",
        )


@contextmanager
def _broken_named(kind: str) -> Iterator[None]:
    from PIL import Image

    try:
        yield
    except (BadImage, ImageTooLarge):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise ImageTooLarge(
            "The picture would unpack into far more than it is worth.", hint="Send it smaller."
        ) from error
    except Exception as error:
        # Pillow's decoders raise OSError, ValueError, SyntaxError, struct.error, EOFError and more for bad bytes.
        raise BadImage(
            f"This {kind} is broken or cut short: {error}", hint="Save it anew and send it again."
        ) from error


def _in_srgb(image: Image.Image) -> Image.Image:
    """RGB or RGBA in sRGB: a phone's wide colours would look dull without their profile."""
    from PIL import ImageCms

    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):  # a broken profile: take the numbers as they are
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
            if converted is not None:
                return converted
    return image.convert(mode)
