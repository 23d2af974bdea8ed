"""The crawl that finds the pages for checks and benchmarks."""

from __future__ import annotations

import httpx
from bench.crawling import crawl, shape_of, words_of

WORDS = words_of(["/console/{shop:str}", "/console/{shop:str}/orders/{order_id:str}", "/shop/{shop:str}"])


def test_pages_that_differ_by_a_name_only_are_one_kind() -> None:
    assert shape_of("/console/tea/orders/A-1", WORDS) == shape_of("/console/tea/orders/B-2", WORDS)
    assert shape_of("/console/tea/orders", WORDS) != shape_of("/console/tea", WORDS)


def test_a_download_leads_somewhere_and_is_no_page() -> None:
    answers = {
        "/console/tea": httpx.Response(200, html='<a href="/console/tea/orders">o</a><a href="/shop/tea">f</a>'),
        "/console/tea/orders": httpx.Response(200, text="id,at", headers={"content-type": "text/csv"}),
        "/shop/tea": httpx.Response(
            200, html='<a href="/shop/gone">g</a>', headers={"content-disposition": 'attachment; filename="shop.html"'}
        ),
    }

    with httpx.Client(transport=httpx.MockTransport(lambda ask: answers[ask.url.path]), base_url="http://site") as one:
        found = crawl(one, ["/console/tea"], WORDS)

    assert found.pages == ("/console/tea",)
    assert found.broken == ()


def test_each_kind_of_page_is_found_once_and_a_broken_link_is_named() -> None:
    pages = {
        "/console/tea": '<a href="/console/tea/orders/A-1">1</a><a href="/console/tea/orders/B-2">2</a>',
        "/console/tea/orders/A-1": '<a href="/shop/tea">s</a><a href="#x">x</a>',
        "/shop/tea": '<a href="https://elsewhere.example/">e</a><a href="/console/tea/orders">gone</a>',
    }

    def answer(request: httpx.Request) -> httpx.Response:
        html = pages.get(request.url.path)
        return httpx.Response(200, html=html) if html else httpx.Response(404)

    with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://site") as client:
        found = crawl(client, ["/console/tea"], WORDS)

    assert found.pages == ("/console/tea", "/console/tea/orders/A-1", "/shop/tea")
    assert [(one.address, one.found_on, one.status) for one in found.broken] == [
        ("/console/tea/orders", "/shop/tea", 404)
    ]
