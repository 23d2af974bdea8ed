/* Zhanggui widgets: a recommendation shelf and declared events, as elements for any site. Apache-2.0.
 *
 *   <script type="module" src="https://HOST/assets/zhanggui-widgets.js"></script>
 *   <zhanggui-shelf shop="teahouse" key="zg_pk_..." surface="home" k="8"><a href="/hot">Bestsellers</a></zhanggui-shelf>
 *   <zhanggui-events shop="teahouse" key="zg_pk_..." event="view_item" product-id="longjing"></zhanggui-events>
 *
 * Events, visitor and requests are the snippet's (zhanggui.js beside this file), which is loaded where the page has none.
 */
const HOST = new URL("..", import.meta.url).href.replace(/\/$/, "");
const SKELETON_MS = 300, LIMIT_MS = 1000;
const WORDS = {
  zh: { heading: "为你推荐", why: "为什么推荐", less: "减少此类推荐", gone: "已减少此类推荐", chips: "少看哪一类", undo: "撤回", back: "已撤回",
    close: "关闭", failed: "没能做成，请再试一次", products: { other: "{n} 件商品" }, soldOut: "暂时缺货", ad: "广告" },
  en: { heading: "For you", why: "Why this", less: "Less like this", gone: "You will see less like this", chips: "Less of which", undo: "Undo",
    back: "Taken back", close: "Close", failed: "That did not work. Please try again.", products: { one: "{n} product", other: "{n} products" }, soldOut: "Sold out for now", ad: "Ad" },
};
const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
:host { --a: var(--zhanggui-accent, #14615a); --g: var(--zhanggui-tile-background, #fff); --r: var(--zhanggui-radius, 8px); --s: var(--zhanggui-sunken, #f0eeea);
  --h: var(--zhanggui-height, 23rem); display: block; color: var(--zhanggui-color, #1c1b19); font: var(--zhanggui-font, inherit); }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
h2 { margin: 0 0 .5em; font-size: var(--zhanggui-heading-size, 1.25em); line-height: 1.4; }
[part=body] { min-height: var(--h); }
[part=list] { display: grid; grid-auto-flow: column; grid-auto-columns: var(--zhanggui-tile-width, 11rem); gap: var(--zhanggui-gap, 1rem); height: var(--h);
  margin: 0; padding: 3px 3px 12px; list-style: none; overflow-x: auto; overscroll-behavior-x: contain; }
[part=tile] { position: relative; display: flex; flex-direction: column; min-width: 0; overflow: hidden;
  background: var(--g); border: 1px solid var(--zhanggui-line, #e4e1da); border-radius: var(--r); }
[part=picture] { width: 100%; height: auto; aspect-ratio: var(--zhanggui-picture-ratio, 1); object-fit: cover; flex: none; background: var(--s); }
[part=text] { padding: .5rem .75rem; display: flex; flex-direction: column; flex: 1; min-height: 0; gap: .25rem; }
button, a { font: inherit; text-align: start; background: none; border: 0; padding: 0; cursor: pointer; flex: none; }
[part=title] { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; line-height: 1.4; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
[part=title]:hover { text-decoration: underline; }
[part=price] { color: var(--zhanggui-price, #ad3623); font-weight: 600; }
[part=ad] { align-self: start; padding: 0 .375rem; border: 1px solid; border-radius: calc(var(--r) / 2); color: var(--zhanggui-quiet, #6a665d); font-size: .75em; }
[part=why], [part~=button] { font-size: .875em; color: var(--a); min-height: 2.25rem; }
[part=why] { margin-top: auto; }
[part~=button] { border: 1px solid; border-radius: calc(var(--r) / 2); padding: .25rem .625rem; text-align: center; }
[part=panel] { position: absolute; inset: 0; padding: .75rem; display: flex; flex-direction: column; gap: .5rem; overflow: auto; line-height: 1.5; background: var(--g); }
p { margin: 0; overflow-wrap: anywhere; }
[part~=close], [part~=undo] { margin-top: auto; }
[part=contest] { display: flex; flex-direction: column; gap: .5rem; }
[part=state]:empty { display: none; }
textarea { font: inherit; width: 100%; color: inherit; background: var(--g); }
fieldset { display: flex; flex-wrap: wrap; gap: .375rem; margin: 0; padding: 0; border: 0; }
legend { padding: 0 0 .25rem; color: var(--zhanggui-quiet, #6a665d); font-size: .875em; }
[aria-pressed=true] { background: var(--a); color: var(--zhanggui-on-accent, #fff); }
:focus-visible { outline: 2px solid var(--a); outline-offset: -2px; }
[role=status] { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.bone { background: var(--s); }
`);

let snippet;
/* The page's own snippet, else one that is loaded with this element's shop and key. Rejects where it cannot be had. */
function api({ shop, key, base }) {
  const ready = () => typeof window.zhanggui?.visitor === "string";
  if (ready()) return Promise.resolve(window.zhanggui);
  snippet ??= new Promise((resolve, reject) => {
    const found = document.querySelector("script[data-shop][data-key]");
    const script = found || Object.assign(document.createElement("script"), { src: `${HOST}/static/zhanggui.js` });
    script.addEventListener("load", () => (ready() ? resolve(window.zhanggui) : reject(new Error("zhanggui.js did not start"))));
    script.addEventListener("error", () => { snippet = undefined; if (!found) script.remove(); reject(new Error("zhanggui.js did not load")); });
    if (!found) {
      Object.assign(script.dataset, { shop, key, ...(base ? { base } : {}) });
      document.head.append(script);
    }
  });
  return snippet;
}

const element = (tag, props = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name in made && name !== "part") made[name] = value; else made.setAttribute(name, value);
  }
  made.append(...children.filter(Boolean));
  return made;
};

class Shelf extends HTMLElement {
  static observedAttributes = ["shop", "key", "surface", "product-id", "k", "lang", "heading", "href", "picture", "base"];
  #run = 0; #body; #heading; #status; #queued = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [STYLE];
    this.#heading = element("h2", { part: "heading", id: "heading" });
    this.#body = element("div", { part: "body" });
    this.#status = element("p", { className: "sr", role: "status" });
    root.append(element("section", { "aria-labelledby": "heading" }, this.#heading, this.#body, this.#status));
  }
  connectedCallback() { this.refresh(); }
  disconnectedCallback() { this.#run++; }
  attributeChangedCallback() { if (this.isConnected) this.refresh(); }

  get #language() { return (this.getAttribute("lang") || this.closest("[lang]")?.lang || navigator.language).toLowerCase().startsWith("zh") ? "zh" : "en"; }
  get #words() { return WORDS[this.#language]; }
  get #surface() { return this.getAttribute("surface") || (this.hasAttribute("product-id") ? "product" : "home"); }
  get #base() { return (this.getAttribute("base") || HOST).replace(/\/$/, ""); }

  /* Asks anew; several calls in one turn ask once. */
  refresh() {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => { this.#queued = false; if (this.isConnected) this.#ask(); });
  }

  async #ask() {
    const run = ++this.#run, started = performance.now(), limit = Number(this.getAttribute("limit-ms") || LIMIT_MS);
    const left = () => Math.max(1, limit - (performance.now() - started));
    this.#heading.textContent = this.getAttribute("heading") ?? this.#words.heading;
    this.#heading.hidden = this.getAttribute("heading") === "";
    this.#body.replaceChildren();
    this.#body.setAttribute("aria-busy", "true");
    const bones = setTimeout(() => run === this.#run && this.#body.replaceChildren(this.#skeleton()), SKELETON_MS);
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no answer in time")), limit));
    try {
      const [answer, cards] = await Promise.race([this.#answer(left), late]);
      if (run !== this.#run) return;
      if (!answer.items.length) throw new Error("nothing to show");
      this.#show(answer, cards);
    } catch (error) {
      if (run === this.#run) this.#fall(error);
    } finally {
      clearTimeout(bones);
      if (run === this.#run) this.#body.removeAttribute("aria-busy");
    }
  }
  async #answer(left) {
    const shop = this.getAttribute("shop"), key = this.getAttribute("key");
    const snippet = await api({ shop, key, base: this.getAttribute("base") });
    const answer = await snippet.recommend({ surface: this.#surface, product_id: this.getAttribute("product-id") || undefined,
      k: Number(this.getAttribute("k")) || 8, language: this.#language, limit_ms: left() });
    if (answer.fallback) throw new Error("no answer");
    const ids = answer.items.map((item) => item.product_id);
    return [answer, await this.#cards(ids, Math.max(1, left() - 100)).catch(() => ({}))];
  }
  /* Pictures and prices by id. A shelf without them is still a shelf. */
  async #cards(ids, limit) {
    const shop = encodeURIComponent(this.getAttribute("shop"));
    const query = new URLSearchParams([["language", this.#language], ...ids.map((id) => ["id", id])]);
    const reply = await fetch(`${this.#base}/widgets/${shop}/cards?${query}`, { signal: AbortSignal.timeout(limit),
      headers: { authorization: `Bearer ${this.getAttribute("key")}`, "x-zhanggui-visitor": window.zhanggui.visitor } });
    return reply.ok ? Object.fromEntries((await reply.json()).map((card) => [card.product_id, card])) : {};
  }

  #skeleton() { return element("div", { part: "list", ariaHidden: "true" }, ...Array.from({ length: 6 }, () => element("div", { part: "tile", className: "bone" }))); }
  #fall(error) {
    this.#body.replaceChildren(element("slot"));
    this.dispatchEvent(new CustomEvent("zhanggui-fallback", { detail: String(error), bubbles: true, composed: true }));
  }
  #show(answer, cards) {
    const tiles = answer.items.map((item, n) => this.#tile(item, cards[item.product_id] || {}, { surface: this.#surface, position: n + 1, list_id: answer.list_id }));
    this.#body.replaceChildren(element("ul", { part: "list", role: "list" }, ...tiles));
    const n = tiles.length, forms = this.#words.products;
    this.#say((forms[new Intl.PluralRules(this.#language).select(n)] || forms.other).replace("{n}", n));
    this.dispatchEvent(new CustomEvent("zhanggui-shown", { detail: answer, bubbles: true, composed: true }));
  }
  /* A place that a promotion took is marked (电子商务法 art. 40). */
  #isAd(item) { return item.moved_by === "promote"; }
  #address(template, id) { return template?.replaceAll("{id}", encodeURIComponent(id)); }
  #say(text) { this.#status.textContent = text; }

  #tile(item, card, context) {
    const id = item.product_id, href = this.#address(this.getAttribute("href"), id) || "";
    const picture = this.#address(this.getAttribute("picture"), id) || (card.picture ? this.#base + card.picture : "");
    const name = item.title || id;
    const chosen = (press) => {
      window.zhanggui.event("select_item", { product_id: id, context });
      const goes = this.dispatchEvent(new CustomEvent("zhanggui-select", { detail: item, bubbles: true, composed: true, cancelable: true }));
      if (!goes) press.preventDefault();
    };
    const why = element("button", { part: "why", type: "button", textContent: this.#words.why, ariaLabel: `${this.#words.why}: ${name}` });
    const tile = element("li", { part: "tile" },
      picture ? element("img", { part: "picture", src: picture, alt: "", loading: "lazy", width: 320, height: 320 }) : element("div", { part: "picture" }),
      element("div", { part: "text" },
        this.#isAd(item) ? element("span", { part: "ad", textContent: this.#words.ad }) : null,
        element(href ? "a" : "button", { part: "title", textContent: name, onclick: chosen, ...(href ? { href } : { type: "button" }) }),
        card.price || card.is_sold_out ? element("div", { part: "price", textContent: card.is_sold_out ? this.#words.soldOut : card.price }) : null, why));
    why.onclick = () => this.#explain(tile, item, why, context);
    return tile;
  }

  /* Lays a panel over a tile: nothing moves. Focus goes in, Escape and the last button bring it back. */
  #panel(tile, ...children) {
    const panel = element("div", { part: "panel", role: "group", tabIndex: -1 }, ...children);
    tile.querySelector("[part=panel]")?.remove();
    tile.append(panel);
    for (const other of tile.children) other.inert = other !== panel;
    return panel;
  }
  #lift(tile, focus) {
    tile.querySelector("[part=panel]")?.remove();
    for (const other of tile.children) other.inert = false;
    focus?.focus();
  }
  #button(part, text, onclick) { return element("button", { part: `button ${part}`, type: "button", textContent: text, onclick }); }

  #explain(tile, item, why, context) {
    const close = () => this.#lift(tile, why);
    const less = this.#button("less", this.#words.less, async () => {
      less.disabled = true;
      try { this.#lessened(tile, await window.zhanggui.showLess(item.product_id, null), why); }
      catch { less.disabled = false; this.#say(this.#words.failed); }
    });
    const contest = element("div", { part: "contest" }); // its script comes with the first reason that is asked for
    import("./zhanggui-contest.js").then(({ offer }) => offer(contest, { language: this.#language, base: this.#base, shop: this.getAttribute("shop"), key: this.getAttribute("key"), item, ...context }),
      () => this.#say(this.#words.failed));
    const panel = this.#panel(tile, element("p", {}, element("strong", { textContent: this.#words.why })),
      element("p", { part: "reason", textContent: item.explanation }), this.#isAd(item) ? element("p", { textContent: item.moved_text }) : null, less, contest, this.#button("close", this.#words.close, close));
    panel.ariaLabel = `${this.#words.why}: ${item.title}`;
    panel.onkeydown = (press) => { if (press.key === "Escape") close(); };
    panel.focus();
  }
  #lessened(tile, preference, why) {
    const chips = new Map(preference.chips.map((chip) => [chip.key, chip.is_chosen]));
    const buttons = preference.chips.map((chip) => {
      const button = this.#button("chip", chip.value, async () => {
        chips.set(chip.key, !chips.get(chip.key));
        button.ariaPressed = String(chips.get(chip.key));
        try { await window.zhanggui.chooseChips(preference.id, [...chips].filter(([, on]) => on).map(([key]) => key)); this.#say(this.#words.gone); }
        catch { chips.set(chip.key, !chips.get(chip.key)); button.ariaPressed = String(chips.get(chip.key)); this.#say(this.#words.failed); }
      });
      button.ariaPressed = String(chip.is_chosen);
      return button;
    });
    const undo = this.#button("undo", this.#words.undo, async () => {
      try { await window.zhanggui.undoLess(preference.id); this.#lift(tile, why); this.#say(this.#words.back); }
      catch { this.#say(this.#words.failed); }
    });
    this.#panel(tile, element("p", {}, element("strong", { textContent: this.#words.gone })),
      buttons.length ? element("fieldset", { part: "chips" }, element("legend", { textContent: this.#words.chips }), ...buttons) : null, undo);
    this.#say(this.#words.gone);
    undo.focus();
  }
}

/* Posts one event when it is put into a page: <zhanggui-events event="view_item" product-id="longjing">; without `event` it only starts the snippet. */
class Events extends HTMLElement {
  connectedCallback() {
    const name = this.getAttribute("event"), product_id = this.getAttribute("product-id");
    api({ shop: this.getAttribute("shop"), key: this.getAttribute("key"), base: this.getAttribute("base") })
      .then((snippet) => name && snippet.event(name, product_id ? { product_id } : {}))
      .catch((error) => console.warn("zhanggui:", error.message));
  }
}

if (!customElements.get("zhanggui-shelf")) customElements.define("zhanggui-shelf", Shelf);
if (!customElements.get("zhanggui-events")) customElements.define("zhanggui-events", Events);
