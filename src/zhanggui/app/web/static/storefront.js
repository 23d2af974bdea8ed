/* The storefront without this script is complete; with it, shelves change in place and the shop learns what was seen. */
(() => {
  "use strict";
  const { base, csrf } = document.querySelector(".shop").dataset;

  // Forms of a shelf: fetch the shelf anew and put it where it was. Anything unforeseen sends the form as it is.
  document.addEventListener("submit", async (sent) => {
    const form = sent.target, button = sent.submitter;
    const shelf = button && (button.closest("section.shelf") || document.getElementById(form.id.replace("less-", "shelf-")));
    if (!form.matches("[data-part]") || !shelf) return;
    sent.preventDefault();
    button.setAttribute("aria-busy", "true");
    const body = new URLSearchParams(new FormData(form));
    if (button.name) body.set(button.name, button.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "x-part": "1" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = fresh.getElementById(shelf.id);
      fresh.querySelectorAll("symbol").forEach((drawn) => {
        if (!document.getElementById(drawn.id)) document.querySelector("svg[hidden]").append(drawn);
      });
      shelf.replaceWith(next);
      (next.querySelector(".good-gone .btn") || next.querySelector("h2")).focus();
      watch(next);
    } catch {
      const field = document.createElement("input");
      field.type = "hidden"; field.name = button.name; field.value = button.value;
      form.append(field); form.submit();
    }
  });

  // A changed order of a list applies at once.
  document.addEventListener("change", (changed) => {
    if (changed.target.matches("[data-auto] select")) changed.target.form.requestSubmit();
  });

  // Quantity: one more, one less.
  document.addEventListener("click", (pressed) => {
    const button = pressed.target.closest("[data-step]");
    if (!button) return;
    const input = button.parentElement.querySelector("input");
    input.value = Math.min(Math.max((parseInt(input.value, 10) || 1) + Number(button.dataset.step), 1), 999);
  });

  // What came into view, told in one go a moment later.
  const waiting = new Map();
  let timer = 0;
  const tell = () => {
    clearTimeout(timer); timer = 0;
    for (const [key, places] of waiting) {
      const [on, list] = key.split("\n");
      const body = new URLSearchParams({ csrf, on, list, p: places.join(",") });
      fetch(`${base}/seen`, { method: "POST", body, keepalive: true }).catch(() => {});
    }
    waiting.clear();
  };
  const seen = "IntersectionObserver" in window && new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      const list = target.closest("[data-on]"), key = `${list.dataset.on}\n${list.dataset.list || ""}`;
      const id = decodeURIComponent(new URL(target.querySelector("h3 a").href).pathname.split("/").pop());
      const place = [...list.querySelectorAll(".good:has(h3 a)")].indexOf(target) + 1;
      waiting.set(key, [...(waiting.get(key) || []), `${place}:${id}`]);
      timer = timer || setTimeout(tell, 800);
    }
  }, { threshold: 0.5 });
  const watch = (within) => seen && within.querySelectorAll("[data-on] .good h3 a, section[data-on] .good h3 a").forEach((link) => seen.observe(link.closest(".good")));
  if (!document.prerendering) watch(document);

  // Time that the page was seen, left for the next event; and an address that says nothing of how one came.
  let since = document.visibilityState === "visible" ? performance.now() : null, engaged = 0;
  const pause = () => { if (since !== null) { engaged += performance.now() - since; since = null; } };
  const leave = () => { pause(); tell(); document.cookie = `zg_engaged=${Math.round(engaged)};path=${base};max-age=1800;samesite=lax`; };
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? (since ??= performance.now()) : leave()));
  addEventListener("pagehide", leave);
  const here = new URL(location.href);
  const told = ["list", "on", "at", "less", "shelf", "done"].filter((name) => here.searchParams.has(name));
  if (told.length) { told.forEach((name) => here.searchParams.delete(name)); history.replaceState(null, "", here); }
})();
