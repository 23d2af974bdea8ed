/* Enhancement only: a letter presses its button, Ctrl K opens the finder. Without this script all works by hand. */
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
