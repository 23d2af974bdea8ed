"""Check the look: contrast, chart colours, overflow and touch targets. SPDX-License-Identifier: Apache-2.0

    python scripts/check_look.py            token pairs only, standard library alone
    python scripts/check_look.py --url http://127.0.0.1:8000 --paths FILE [--state FILE]
                               the same for a running server: FILE has one path a line, --state is a Playwright
                               storage state (the cookies of someone logged in); add ?lang=en lines for English

Contrast is WCAG 2.2 (1.4.3 text 4.5 or 3 when large, 1.4.11 controls and graphics 3). Chart colours must keep a
distance of 0.10 in OKLab (Ottosson 2020) for full colour vision and for each dichromacy as simulated by Machado,
Oliveira and Fernandes (2009, severity 1). Exits 1 on any failure.
"""

import argparse
import itertools
import math
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1] / "src/zhanggui/app/web/static"
GROUNDS = ["paper", "surface", "sunken", "raised"]
TEXT = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent", "seal", "bad") for ground in GROUNDS]
TEXT += [(tone, f"{tone}-soft") for tone in ("accent", "seal", "ok", "warn", "bad", "info")]
TEXT += [("ink", f"{tone}-soft") for tone in ("accent", "ok", "warn", "bad")]
TEXT += [("on-accent", "accent"), ("on-accent", "accent-hover"), ("on-seal", "seal"), ("on-brand", "brand"), ("paper", "ink"), ("viz-text", "surface")]
EDGES = [("line-strong", "surface"), ("line-strong", "paper"), ("accent", "surface"), ("viz-base", "surface")]
EDGES += [(f"viz-{n}", "surface") for n in range(1, 7)] + [(tone, "surface") for tone in ("ok", "warn", "bad", "info")]


VISION = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def oklab(r: float, g: float, b: float) -> tuple[float, float, float]:
    x = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    y = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    z = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * x + 0.7936177850 * y - 0.0040720468 * z,
        1.9779984951 * x - 2.4285922050 * y + 0.4505937099 * z,
        0.0259040371 * x + 0.7827717662 * y - 0.8086757660 * z,
    )


def palette(colours: list[str], theme: str) -> int:
    failures = 0
    for vision, matrix in VISION.items():
        seen = [oklab(*(max(0.0, sum(m * c for m, c in zip(row, linear(h)))) for row in matrix)) for h in colours]
        least = min(math.dist(a, b) for a, b in itertools.combinations(seen, 2))
        failures += least < 0.10
        print(f"chart colours, {theme}, {vision}: nearest two are {least:.3f} apart{'' if least >= 0.10 else ', too near'}")
    return failures


def luminance(colour: str) -> float:
    r, g, b = linear(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def ratio(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def tokens() -> int:
    css = (HERE / "tokens.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+):\s*light-dark\((#\w{6}), (#\w{6})\)", css)
    failures, lowest = 0, 99.0
    for theme in (0, 1):
        colour = {name: (light, dark)[theme] for name, light, dark in pairs}
        failures += palette([colour[f"viz-{n}"] for n in range(1, 7)], ("light", "dark")[theme])
        for wanted, least in ((TEXT, 4.5), (EDGES, 3.0)):
            for front, back in wanted:
                got = ratio(colour[front], colour[back])
                lowest = min(lowest, got / least)
                if got < least:
                    failures += 1
                    print(f"{('light', 'dark')[theme]}: {front} on {back} is {got:.2f}, needs {least}")
    print(f"tokens: {2 * (len(TEXT) + len(EDGES))} pairs, {failures} fail, tightest is {lowest:.2f} of what is needed")
    return failures


PROBE = """() => {
  const out = [], canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (c) => { canvas.clearRect(0,0,1,1); canvas.fillStyle = c; canvas.fillRect(0,0,1,1); return [...canvas.getImageData(0,0,1,1).data].map((v,i)=>i<3?v:v/255); };
  const over = (t, b) => [0,1,2].map((i) => t[i]*t[3] + b[i]*(1-t[3])).concat(1);
  const lum = (c) => { const [r,g,b] = c.slice(0,3).map((v)=>{v/=255; return v<=0.04045?v/12.92:((v+0.055)/1.055)**2.4;}); return 0.2126*r+0.7152*g+0.0722*b; };
  const seen = (e) => e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !e.closest(".sr, .skip, svg") && getComputedStyle(e).clipPath === "none";
  const ground = (e) => { const s = []; for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); s.push(c); if (c[3] > 0.99) break; } return s.reverse().reduce((b, t) => over(t, b), [255,255,255,1]); };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = walk.nextNode()); ) {
    const e = n.parentElement; if (!n.data.trim() || !seen(e) || e.closest("[disabled], [aria-disabled=true], :has(> :disabled)")) continue;
    const s = getComputedStyle(e), b = ground(e), f = over(rgba(s.color), b), [h, l] = [lum(f), lum(b)].sort((x, y) => y - x);
    const size = parseFloat(s.fontSize), big = size >= 24 || (size >= 18.66 && s.fontWeight >= 600), got = (h+0.05)/(l+0.05);
    if (got < (big ? 3 : 4.5)) out.push(`contrast ${got.toFixed(2)} "${n.data.trim().slice(0, 16)}"`);
    if (size && size < 12) out.push(`text ${size}px "${n.data.trim().slice(0, 16)}"`);
  }
  if (document.documentElement.scrollWidth > innerWidth) out.push(`scrolls sideways: ${document.documentElement.scrollWidth} in ${innerWidth}`);
  if (innerWidth < 768) for (const e of document.querySelectorAll("a, button, input, select, textarea, summary")) {
    if (!seen(e) || e.matches("p a, li > p a, .ref, .cite, td a, figcaption a") && getComputedStyle(e).display === "inline") continue;
    const hit = e.closest("label") ?? e; hit.scrollIntoView({block: "center", inline: "center"});
    const after = getComputedStyle(hit, "::after"), r = hit.getBoundingClientRect();
    if (after.content !== "none" && after.position === "absolute" && parseFloat(after.width) >= 44 && parseFloat(after.height) >= 44) continue; if (!r.width || (r.width >= 44 && r.height >= 44)) continue;
    const x = r.x + r.width/2, y = r.y + r.height/2, dx = Math.min(21, x - 1, innerWidth - x - 1);
    const inside = [[0,-21],[0,21],[-dx,0],[dx,0]].filter(([a, b]) => { const t = document.elementFromPoint(x + a, y + b); return t && (hit.contains(t) || t.contains(hit) && t.closest("a, button, label")); }).length;
    if (inside < 4) out.push(`touch ${r.width.toFixed(0)}x${r.height.toFixed(0)} "${(e.ariaLabel || e.textContent || e.id).trim().slice(0, 16)}"`);
  }
  return out;
}"""


WAIT_MS = 120_000
"""For a page: the machine may be busy, and the first to open compiles what it needs."""
VIEWS = ((1280, "light"), (1280, "dark"), (768, "light"), (390, "light"), (390, "dark"), (320, "light"))


Probe = Callable[[Any], list[str]]
"""Looks at an open page of Playwright and names what is wrong with it."""


def own_probe(page: Any) -> list[str]:
    """What the look itself asks of a page."""
    return page.evaluate(PROBE)


def pages(
    addresses: dict[str, str],
    state: str | None = None,
    views: tuple[tuple[int, str], ...] = VIEWS,
    probes: tuple[Probe, ...] = (own_probe,),
    scripts: tuple[Path, ...] = (),
) -> int:
    """Open each address (shown name to URL) once at each width and theme; returns the number of findings.

    `scripts` are run in every page before its own, whatever its policy says: what the probes need there.
    """
    from playwright.sync_api import sync_playwright

    failures = 0
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=["--no-sandbox"])
        for width, scheme in views:
            phone = width < 768
            context = browser.new_context(viewport={"width": width, "height": 844}, is_mobile=phone, has_touch=phone, color_scheme=scheme, reduced_motion="reduce", storage_state=state)
            for script in scripts:
                context.add_init_script(path=script)
            page = context.new_page()
            page.set_default_timeout(WAIT_MS)
            for name, address in addresses.items():
                answer = page.goto(address)
                page.wait_for_selector("[data-chart]:not([data-drawn])", state="detached")
                found = [] if answer is None or answer.ok else [f"answered {answer.status}"]
                for line in itertools.chain(found, *(probe(page) for probe in probes)):
                    failures += 1
                    print(f"{name} {width} {scheme}: {line}")
            context.close()
        browser.close()
    print(f"pages: {failures} findings")
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a running server")
    parser.add_argument("--paths", type=Path, help="one path a line; needed with --url")
    parser.add_argument("--state", help="Playwright storage state with cookies")
    given = parser.parse_args()
    failures = tokens()
    if given.url:
        if given.paths is None:
            parser.error("--url needs --paths")
        paths = [line.strip() for line in given.paths.read_text(encoding="utf-8").splitlines() if line.strip()]
        failures += pages({path: given.url.rstrip("/") + path for path in paths}, given.state)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
