/* Enhancement only: a letter presses its button, Ctrl K opens the finder. Without this script all works by hand. */

/* What fetches parts of a page is loaded once the page has been painted: before, the two would share a processor. */
{
  const script = document.createElement("script");
  script.src = document.currentScript.dataset.htmx;
  new PerformanceObserver((_, painted) => {
    painted.disconnect();
    document.head.append(script);
  }).observe({ type: "paint", buffered: true });
}

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.querySelector("[data-finder]")?.click();
    return;
  }
  if (event.metaKey || event.ctrlKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
  const pressed = document.querySelectorAll(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  [...pressed].find((button) => button.checkVisibility())?.click();
});

/* In the finder arrows walk through what was found. Without this script Tab does, and Enter searches on a page. */
addEventListener("keydown", (event) => {
  const finder = event.target.closest("#finder");
  if (!finder || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const stops = [finder.querySelector("input[type=search]"), ...finder.querySelectorAll("a.find")];
  const at = stops.indexOf(document.activeElement);
  if (at < 0 || stops.length < 2) return;
  event.preventDefault();
  stops[(at + (event.key === "ArrowDown" ? 1 : stops.length - 1)) % stops.length].focus();
});

/* A list that is fetched anew says so; when no answer comes, the old one stays and says that. */
const main = () => document.getElementById("main");
const isOfMain = (event) => event.detail.ctx?.target === main();
addEventListener("htmx:before:request", (event) => { if (isOfMain(event)) main().setAttribute("aria-busy", "true"); });
addEventListener("htmx:finally:request", () => main()?.removeAttribute("aria-busy"));
addEventListener("htmx:error", (event) => {
  if (!isOfMain(event)) return;
  main().querySelector(":scope > .no-answer")?.remove();
  const told = document.getElementById("no-answer").content.firstElementChild.cloneNode(true);
  told.classList.add("card", "no-answer");
  told.querySelector("a").href = event.detail.ctx.request.action;
  main().prepend(told);
});

/* A part that its page asks for by itself: when an error or no answer comes, what the page has for that stands there. */
for (const failure of ["htmx:error", "htmx:response:error"]) addEventListener(failure, (event) => {
  const part = event.detail.ctx?.target;
  const told = part?.querySelector?.(":scope > template.on-failure");
  if (!told) return;
  part.removeAttribute("aria-busy");
  part.replaceChildren(told.content.cloneNode(true));
});

/* Copy what is shown once; without this script it is selected by one click. */
addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  } catch {
    getSelection()?.selectAllChildren(document.querySelector("[data-secret]"));
  }
});

/* What says where a slider stands follows it. Without this script it says where it stood. */
addEventListener("input", (event) => {
  if (event.target.type !== "range") return;
  const place = event.target.valueAsNumber.toLocaleString(document.documentElement.lang, { minimumFractionDigits: 2 });
  document.querySelectorAll(`output[for="${CSS.escape(event.target.id)}"]`).forEach((told) => { told.textContent = place; });
});

/* A button whose work takes a while says so until the answer is there, and cannot be pressed twice. */
addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.dataset.working) return;
  button.dataset.idle = button.textContent;
  button.textContent = `${button.dataset.working}…`;
  button.setAttribute("aria-busy", "true");
  setTimeout(() => { button.disabled = true; });
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("button[data-idle]").forEach((button) => {
    button.textContent = button.dataset.idle;
    button.removeAttribute("aria-busy");
    button.disabled = false;
  });
});
