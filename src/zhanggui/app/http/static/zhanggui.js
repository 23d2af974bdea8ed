/* Zhanggui snippet: posts events and fetches recommendations into an existing site. Apache-2.0.
 *
 *   <script async src="https://HOST/static/zhanggui.js" data-shop="teahouse" data-key="zg_pk_..."></script>
 *   <script>
 *     window.zhanggui = window.zhanggui || [];
 *     zhanggui.push(["event", "view_item", { product_id: "longjing" }]);
 *     zhanggui.push(["recommend", { surface: "product", k: 6 }, (answer) => render(answer.items)]);
 *   </script>
 *
 * Events wait in the page's storage until the server says that they are on disk; each has a random id, so a retry counts
 * once. `engagement_time_msec` is the time that the page was visible and focused since the last event. With Global
 * Privacy Control no lasting visitor id is kept: it lives as long as the tab.
 */
(() => {
  "use strict";
  const script = document.currentScript || document.querySelector("script[data-shop][data-key]");
  if (!script) return;
  const { shop, key } = script.dataset;
  const base = (script.dataset.base || new URL(script.src, location.href).origin).replace(/\/$/, "");
  const timeout = Number(script.dataset.timeout || 150);
  const BATCH = 50, KEEP = 500, QUEUE = `zhanggui.${shop}.queue`, VISITOR = `zhanggui.${shop}.visitor`;
  const lasting = !navigator.globalPrivacyControl;
  const memory = new Map();

  // Storage may be forbidden or full; the page must go on without it.
  const store = (lasts) => ({
    get: (name) => { try { return (lasts ? localStorage : sessionStorage).getItem(name); } catch { return memory.get(name) ?? null; } },
    set: (name, value) => { try { (lasts ? localStorage : sessionStorage).setItem(name, value); } catch { memory.set(name, value); } },
  });
  const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  const visitor = (() => {
    const kept = store(lasting).get(VISITOR) || random();
    store(lasting).set(VISITOR, kept);
    return kept;
  })();
  let token = script.dataset.token || "", customer = "";

  // Time that the page was seen: visible and focused.
  let since = document.visibilityState === "visible" && document.hasFocus() ? performance.now() : null, engaged = 0;
  const pause = () => { if (since !== null) { engaged += performance.now() - since; since = null; } };
  const resume = () => { if (since === null && document.visibilityState === "visible") since = performance.now(); };
  const engagement = () => { const seen = since !== null; pause(); if (seen) resume(); const ms = Math.round(engaged); engaged = 0; return Math.min(ms, 86_400_000); };
  addEventListener("focus", resume);
  addEventListener("blur", pause);
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? resume() : (pause(), flush(true))));
  addEventListener("pagehide", () => { pause(); flush(true); });

  let queue = (() => { try { return JSON.parse(store(lasting).get(QUEUE) || "[]"); } catch { return []; } })();
  let sending = false, timer = 0, wait = 1000;
  const keep = () => store(lasting).set(QUEUE, JSON.stringify(queue.slice(-KEEP)));
  const headers = () => ({ "content-type": "application/json", authorization: `Bearer ${token || key}`, "x-zhanggui-visitor": visitor });
  const url = (path) => `${base}/v1/${encodeURIComponent(shop)}${path}`;

  async function flush(leaving) {
    clearTimeout(timer); timer = 0;
    if ((sending && !leaving) || !queue.length) return;
    const batch = queue.slice(0, BATCH);
    sending = true;
    try {
      const answer = await fetch(url("/events/batch"), { method: "POST", headers: headers(), body: JSON.stringify(batch), keepalive: !!leaving });
      // A body that the server cannot read will not get better; a wrong key or origin will be mended, so those events wait.
      const hopeless = [400, 413, 422].includes(answer.status);
      if (!answer.ok) console.warn("zhanggui: events refused", answer.status, await answer.text());
      if (!answer.ok && !hopeless) throw new Error(String(answer.status));
      const done = new Set(batch.map((event) => event.id));
      queue = queue.filter((event) => !done.has(event.id));
      keep(); wait = 1000;
    } catch { wait = Math.min(wait * 2, 60_000); }
    sending = false;
    if (queue.length) timer = setTimeout(flush, queue.length >= BATCH && wait === 1000 ? 0 : wait);
  }

  const agent = navigator.userAgent;
  const device = /ipad|tablet|android(?!.*mobile)/i.test(agent) ? "tablet" : /mobi|iphone|android/i.test(agent) ? "phone" : "desktop";

  function event(name, fields = {}) {
    const { context, ...rest } = fields;
    queue.push({
      id: random(), name, at: new Date().toISOString(), visitor_id: visitor, engagement_time_msec: engagement(),
      ...(customer ? { customer_id: customer } : {}), ...rest, context: { channel: "web", device, ...context },
    });
    if (queue.length > KEEP) queue = queue.slice(-KEEP);
    keep();
    if (!timer) timer = setTimeout(flush, queue.length >= BATCH ? 0 : 300);
  }

  /* Resolves to the server's answer, or to `{items: fallback, fallback: true}` after the time limit or an error. */
  async function recommend(ask = {}, done) {
    const { fallback = [], product_id, surface = "home", k = 8, language = document.documentElement.lang || "zh", limit_ms = timeout } = ask;
    const who = customer && token ? `customer_id=${encodeURIComponent(customer)}` : `visitor_id=${visitor}`;
    const path = product_id ? `/products/${encodeURIComponent(product_id)}/similar?${who}&k=${k}&language=${language}`
      : `/recommendations?${who}&k=${k}&surface=${encodeURIComponent(surface)}&language=${language}&channel=web&device=${device}`;
    let answer;
    try {
      const reply = await fetch(url(path), { headers: headers(), signal: AbortSignal.timeout(limit_ms) });
      if (!reply.ok) throw new Error(String(reply.status));
      answer = await reply.json();
    } catch { answer = { list_id: "", items: fallback, fallback: true }; }
    if (answer.list_id) {
      answer.items.forEach((item, n) => event("view_item_list", { product_id: item.product_id, context: { surface, position: n + 1, list_id: answer.list_id } }));
    }
    if (done) done(answer);
    return answer;
  }

  const LESS = "/recommendations/show-less";
  async function change(method, path, body) {
    const reply = await fetch(url(path), { method, headers: headers(), ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!reply.ok) throw new Error(await reply.text());
    return reply.json();
  }
  const showLess = (productId, chips = null) =>
    change("POST", LESS, { product_id: productId, chips, ...(customer && token ? { customer_id: customer } : { visitor_id: visitor }) });
  const chooseChips = (preferenceId, chips) => change("PATCH", `${LESS}/${preferenceId}`, { chips });
  const undoLess = (preferenceId) => change("DELETE", `${LESS}/${preferenceId}`);

  /* After a login: the token that the shop's own server minted for this customer. */
  function identify(customerId, customerToken) {
    customer = customerId; token = customerToken;
    event("identify");
  }

  const api = { event, recommend, showLess, chooseChips, undoLess, identify, flush, visitor };
  const early = Array.isArray(window.zhanggui) ? window.zhanggui : [];
  window.zhanggui = { ...api, push: ([verb, ...rest]) => api[verb](...rest) };
  early.forEach(window.zhanggui.push);
  if (queue.length) flush();
})();
