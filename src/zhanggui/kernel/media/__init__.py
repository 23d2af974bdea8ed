"""Pictures: judged by their content, decoded within limits, kept under the hash of their bytes."""

from .images import (
    THUMBNAIL_FORMATS,
    BadImage,
    ImageFacts,
    ImageLimits,
    ImageTooLarge,
    inspect_image,
    thumbnail,
)
from .store import BadMediaName, MediaStore, UnknownMedia

__all__ = [
    "THUMBNAIL_FORMATS",
    "BadImage",
    "BadMediaName",
    "ImageFacts",
    "ImageLimits",
    "ImageTooLarge",
    "MediaStore",
    "UnknownMedia",
    "inspect_image",
    "thumbnail",
]
