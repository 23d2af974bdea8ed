/* Enhancement only: arrows walk through what was found. Without this script Tab does, and Enter searches on a page. */
addEventListener("keydown", (event) => {
  const finder = event.target.closest("#finder");
  if (!finder || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const stops = [finder.querySelector("input[type=search]"), ...finder.querySelectorAll("a.find")];
  const at = stops.indexOf(document.activeElement);
  if (at < 0 || stops.length < 2) return;
  event.preventDefault();
  stops[(at + (event.key === "ArrowDown" ? 1 : stops.length - 1)) % stops.length].focus();
});
