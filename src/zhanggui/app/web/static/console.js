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
