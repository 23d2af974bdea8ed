"""Every attribute, variable and part of the elements, as the page and the tests know them."""

from __future__ import annotations

from typing import NamedTuple

from zhanggui.kernel.words import N_


class Described(NamedTuple):
    """A name, what holds where it is not set (a value, not words), and what it is for."""

    name: str
    default: str
    what: str


ATTRIBUTES = (
    Described("shop", "", N_("The shop's name on this server. Required.")),
    Described("key", "", N_("A publishable key that lists your site's origin. Required.")),
    Described("surface", "home", N_("Where the shelf stands: home, cart, search and so on.")),
    Described("product-id", "", N_("On a product's page: shows what is like this product.")),
    Described("k", "8", N_("How many products at most, up to 200.")),
    Described("lang", "", N_("zh or en; without it the language of the page.")),
    Described("heading", "", N_("Your own heading; an empty one shows none.")),
    Described("href", "", N_("Where a product's page is: /goods/{id}. Without it a press only tells your script.")),
    Described("picture", "", N_("Where a product's picture is, if you want your own: https://cdn.example/{id}.jpg.")),
    Described("limit-ms", "1000", N_("Milliseconds to wait for the server before your own content is shown.")),
    Described("base", "", N_("Another address of the server, for a proxy of your own.")),
)
EVENT_ATTRIBUTES = (
    Described("event", "", N_("The event to post when the element enters the page, such as view_item.")),
    Described("product-id", "", N_("The product that the event is about.")),
)
VARIABLES = (
    Described("--zhanggui-accent", "#14615a", N_("Buttons, chosen chips and the ring of the keyboard focus")),
    Described("--zhanggui-on-accent", "#fff", N_("Colour of words on the accent colour")),
    Described("--zhanggui-color", "#1c1b19", N_("Colour of words")),
    Described("--zhanggui-quiet", "#6a665d", N_("Colour of smaller words")),
    Described("--zhanggui-price", "#ad3623", N_("Colour of prices")),
    Described("--zhanggui-tile-background", "#fff", N_("Ground of a product")),
    Described("--zhanggui-sunken", "#f0eeea", N_("Ground of pictures and of what still loads")),
    Described("--zhanggui-line", "#e4e1da", N_("Edge of a product")),
    Described("--zhanggui-radius", "8px", N_("Round corners")),
    Described("--zhanggui-gap", "1rem", N_("Space between products")),
    Described("--zhanggui-tile-width", "11rem", N_("Width of a product")),
    Described("--zhanggui-height", "23rem", N_("Height that is kept for the shelf from the start")),
    Described("--zhanggui-picture-ratio", "1", N_("Width of a picture through its height")),
    Described("--zhanggui-heading-size", "1.25em", N_("Size of the heading")),
    Described("--zhanggui-font", "inherit", N_("Font of everything, as in CSS font")),
)
PARTS = (
    "heading", "body", "list", "tile", "picture", "text", "title", "ad", "price", "why",
    "panel", "reason", "button", "less", "chips", "chip", "undo", "close",
    "contest", "state", "words", "send",
)  # fmt: skip
