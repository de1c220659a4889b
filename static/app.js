// What every page gains from scripts; each page works without them.

// A second press of a button that has already sent its form does nothing (the server refuses it as well).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]") || form.method === "get") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

// Coming back with the browser's own button shows a page that was already sent: let it be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("form[data-once] [aria-busy]")) button.removeAttribute("aria-busy");
});

// The other language is the same page: what was typed and not yet sent goes along, within this tab and once.
const typed = () => [...document.querySelectorAll("main form[method=post] :is(input, textarea, select)")].filter(
  (field) => field.name && !["hidden", "password", "file"].includes(field.type) && field.autocomplete !== "one-time-code");
document.querySelector("[data-other-language]")?.addEventListener("click", () => {
  const values = typed().map((field) => [field.name, field.type, ["radio", "checkbox"].includes(field.type) ? field.checked && field.value : field.value]);
  sessionStorage.setItem("typed", JSON.stringify([location.pathname, values]));
});
const [typedOn, values] = JSON.parse(sessionStorage.getItem("typed") ?? "[]");
sessionStorage.removeItem("typed");
if (typedOn === location.pathname) {
  typed().forEach((field, n) => {
    const [name, type, value] = values[n] ?? [];
    if (name !== field.name || type !== field.type) return;
    if (["radio", "checkbox"].includes(type)) field.checked = value === field.value;
    else field.value = value;
  });
}

// Called again after every swap, so each piece is taken once: its attribute goes when it is done.
function enhance() {
  // What is wrong is read first.
  const wrong = document.querySelector("[data-focus]");
  wrong?.removeAttribute("data-focus");
  wrong?.focus();

  for (const scan of document.querySelectorAll("[data-scan]")) {
    scan.removeAttribute("data-scan");
    const buttons = scan.querySelector(".scan-zoom");
    buttons.hidden = false;
    buttons.addEventListener("click", (event) => {
      const by = Number(event.target.closest("[data-zoom-by]")?.dataset.zoomBy ?? 0);
      scan.dataset.zoom = Math.min(4, Math.max(1, Number(scan.dataset.zoom ?? 1) + by));
    });
  }

  for (const form of document.querySelectorAll("form[data-upload]")) {
    const script = form.dataset.upload;
    form.removeAttribute("data-upload");
    import(script).then((upload) => upload.takeOver(form));
  }
}

enhance();
document.addEventListener("htmx:after:swap", enhance);

// A piece of the page that could not be refreshed stays as it is, and the reader is told so until one arrives again.
function connection(lost) {
  document.querySelector("[data-connection]").hidden = !lost;
}
document.addEventListener("htmx:error", () => connection(true));
document.addEventListener("htmx:after:request", (event) => connection(event.detail.ctx.response.status >= 500));

// A session that ended is answered with the sign-in page: go there whole, not into a corner of this page.
document.addEventListener("htmx:before:swap", (event) => {
  const answer = event.detail.ctx.response?.raw;
  if (!answer?.redirected || !new URL(answer.url).pathname.endsWith("/sign-in")) return;
  event.preventDefault();
  location.assign(answer.url);
});

// "/" goes to the search box, as clerks expect.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("[data-search]");
  if (box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});
