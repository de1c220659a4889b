// Sends a clerk's files one beside another straight to the store, and shows how far each one is.
//
// What it asks of the server (and all it knows of it):
//   1. POST /api/v1/uploads                 {filename, size, ...fields of the form}  ->  {id, url, headers}
//   2. PUT  url                             the bytes, with exactly those headers    ->  200, 412 when there already
//   3. POST /api/v1/uploads/{id}/complete   {}                                       ->  {document, duplicate, detail}
//   4. GET  /api/v1/documents/{document}    until its reading has ended              ->  {state, detail, stopped}
// 1 and 3 carry X-CSRF-Token and an Idempotency-Key that stays the same for one file however often it is tried.
// All but 2 say in Accept-Language which language the page is in: that of the browser may be another.
// A refusal is problem+json: `detail` is a sentence for people; `errors[]` holds those of the fields, by name.
// When a file is kept, the form fires "diwan:filed" (it bubbles; detail.document), for live lists to refresh on.
const UPLOADS = "/api/v1/uploads";
const AT_ONCE = 2;
const PAUSES = [1, 3, 10, 30]; // seconds before a broken sending is tried again by itself
const FOLLOWED = 5; // documents asked after at a time, oldest first, as they are read
const BETWEEN_ASKING = 2; // seconds

class Refused extends Error {}
class SignedOut extends Error {}
class Broken extends Error {}

export function takeOver(form) {
  const queue = form.querySelector("[data-upload-queue]");
  const blank = form.querySelector("[data-upload-row]");
  const words = form.querySelector("[data-upload-words]").dataset;
  const summary = form.querySelector("[data-upload-summary]");
  const input = form.querySelector("input[type=file]");
  const zone = form.querySelector(".upload-zone");
  const rows = [];
  let following = false;
  form.classList.add("is-live");

  function add(files) {
    for (const file of files) {
      // Chosen twice before it is sent it is one; after that it may be meant for another parcel, and the server says when it is not.
      if (rows.some((row) => !row.document && row.file.name === file.name && row.file.size === file.size && row.file.lastModified === file.lastModified)) continue;
      const element = blank.content.firstElementChild.cloneNode(true);
      const row = { file, element, key: randomKey(), tries: 0 };
      const [stem, ending] = parts(file.name);
      element.querySelector(".file-name").textContent = `\u2068${stem}\u2069`;
      element.querySelector(".file-size").textContent = `\u2066${ending}${readable(file.size)}\u2069`;
      element.querySelector("progress").setAttribute("aria-label", file.name);
      const [retry, remove] = [element.querySelector("[data-retry]"), element.querySelector("[data-remove]")];
      retry.setAttribute("aria-label", `${retry.textContent.trim()}: ${file.name}`);
      remove.setAttribute("aria-label", `${remove.textContent.trim()}: ${file.name}`);
      retry.addEventListener("click", () => {
        row.tries = 0;
        again(row);
      });
      remove.addEventListener("click", () => drop(row));
      show(row, "waiting");
      rows.push(row);
      queue.append(element);
    }
    tell();
  }

  function drop(row) {
    rows.splice(rows.indexOf(row), 1);
    row.request?.abort();
    clearTimeout(row.timer);
    row.element.remove();
    input.focus();
    tell();
  }

  function show(row, state, sentence = words[state]) {
    row.state = state;
    row.element.dataset.state = state;
    row.element.querySelector(".file-state").replaceChildren(...whole(sentence));
    row.element.querySelector("[data-retry]").hidden = !["offline", "failed", "signedOut"].includes(state);
    row.element.querySelector("[data-remove]").hidden = !["waiting", "refused", "unread", "stopped", "failed", "offline", "signedOut"].includes(state);
  }

  function tell() {
    const count = (...states) => rows.filter((row) => states.includes(row.state)).length;
    const started = rows.some((row) => row.state !== "waiting");
    const refused = count("refused", "unread");
    const failed = count("failed", "offline", "signedOut");
    summary.textContent = !started ? "" : [words.summary, refused && words.summaryRefused, failed && words.summaryFailed].filter(Boolean).join("")
      .replace("%done%", count("done", "duplicate", "stopped")).replace("%total%", rows.length).replace("%refused%", refused).replace("%failed%", failed);
  }

  function pump() {
    while (rows.filter((row) => row.busy).length < AT_ONCE) {
      const next = rows.find((row) => row.state === "queued");
      if (!next) return;
      next.busy = true;
      send(next).finally(() => {
        next.busy = false;
        tell();
        pump();
      });
    }
  }

  function again(row) {
    clearTimeout(row.timer);
    if (!["offline", "failed", "signedOut"].includes(row.state)) return;
    show(row, "queued", words.waiting);
    pump();
  }

  async function send(row) {
    const bar = row.element.querySelector("progress");
    try {
      show(row, "sending", words.sending.replace("%percent%", 0));
      row.fields ??= fieldsOf(form);
      const target = await post(form, UPLOADS, row.key, { filename: row.file.name, size: row.file.size, ...row.fields });
      await put(row, target, (share) => {
        bar.value = Math.round(share * 100);
        row.element.querySelector(".file-state").textContent = words.sending.replace("%percent%", bar.value);
      });
      show(row, "finishing");
      const kept = await post(form, `${UPLOADS}/${target.id}/complete`, `${row.key}-complete`, {});
      bar.value = 100;
      show(row, kept.duplicate ? "duplicate" : "done", kept.detail ?? undefined);
      const link = row.element.querySelector(".file-open");
      link.href = form.dataset.documentUrl.replace("{id}", kept.document);
      link.hidden = false;
      row.document = kept.document;
      follow();
      form.dispatchEvent(new CustomEvent("diwan:filed", { bubbles: true, detail: { document: kept.document } }));
    } catch (error) {
      if (error instanceof Refused) {
        // What was typed may be mended: the next sending is a new request.
        row.key = randomKey();
        delete row.fields;
        show(row, "refused", `${words.refused}: ${error.message}`);
      } else if (error instanceof SignedOut) show(row, "signedOut");
      else if (error instanceof Broken && row.tries < PAUSES.length) {
        show(row, "offline");
        row.timer = setTimeout(() => again(row), PAUSES[row.tries++] * 1000);
      } else {
        if (!(error instanceof Broken)) row.key = randomKey(); // the link has expired: ask for a new one
        show(row, "failed");
      }
    }
  }

  // What was kept may still turn out to be nothing that can be read: then its row must not go on saying that all is well.
  async function follow() {
    if (following) return;
    following = true;
    for (let unread; (unread = rows.filter((row) => row.document && !row.ended)).length; ) {
      for (const row of unread.slice(0, FOLLOWED)) {
        const filed = await get(`/api/v1/documents/${row.document}`);
        row.ended = filed && (filed.stopped || !["received", "reading"].includes(filed.state));
        if (filed?.stopped) show(row, "stopped");
        else if (filed?.state === "refused") show(row, "unread", `${words.unread}: ${filed.detail}`);
      }
      tell();
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_ASKING * 1000));
    }
    following = false;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (rows.length && asked(form)) return;
    for (const row of rows) if (["waiting", "refused"].includes(row.state)) show(row, "queued", words.waiting);
    if (!rows.length) input.focus();
    pump();
  });
  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("is-over", name === "dragover");
      if (name === "drop") add(event.dataTransfer.files);
    });
  }
  addEventListener("online", () => rows.filter((row) => row.state === "offline").forEach(again));
  addEventListener("beforeunload", (event) => {
    if (rows.some((row) => ["queued", "sending", "finishing", "offline"].includes(row.state))) event.preventDefault();
  });
}

// What the server would refuse of every file is asked for before any of them is sent; they wait in the list.
function asked(form) {
  const empty = [...form.querySelectorAll("[required]")].filter((field) => !field.value);
  for (const field of empty) {
    const place = field.closest(".field");
    if (place.querySelector(".error")) continue;
    field.before(place.querySelector("[data-needed]").content.cloneNode(true));
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", place.querySelector(".error").id);
    place.classList.add("field-error");
    field.addEventListener("change", () => answered(field, place), { once: true });
  }
  empty[0]?.focus();
  return empty.length > 0;
}

function answered(field, place) {
  place.querySelector(".error").remove();
  place.classList.remove("field-error");
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
}

function fieldsOf(form) {
  return Object.fromEntries([...new FormData(form)].filter(([name, value]) => name !== "_csrf" && typeof value === "string"));
}

// null where asking again may help; nothing in it where it is not for this reader to know.
async function get(url) {
  const answer = await fetch(url, { headers: { "Accept-Language": document.documentElement.lang } }).catch(() => null);
  if (!answer || answer.status >= 500 || answer.status === 429) return null;
  return answer.ok ? answer.json().catch(() => null) : {};
}

async function post(form, url, key, body) {
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Accept-Language": document.documentElement.lang,
        "X-CSRF-Token": form.elements._csrf.value,
        "Idempotency-Key": key,
      },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Broken();
  }
  if (answer.status === 401) throw new SignedOut();
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  if (answer.status >= 500 || answer.status === 429) throw new Broken();
  throw new Refused(said.errors?.map((wrong) => named(form, wrong)).join(" ") || said.detail || "");
}

// In a file's row, far from the fields, a sentence about "this field" has to say which.
function named(form, { field, detail }) {
  const label = form.querySelector(`label[for="field-${CSS.escape(field)}"]`)?.firstChild.textContent.trim();
  return label ? `${label}: ${detail}` : detail;
}

// XMLHttpRequest, because fetch does not tell how much has been sent.
function put(row, target, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    row.request = request;
    request.open("PUT", target.url);
    for (const [name, value] of Object.entries(target.headers ?? {})) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    // 412: an earlier sending had arrived and only its answer was lost.
    request.addEventListener("load", () => (request.status < 300 || request.status === 412 ? resolve() : reject(request.status < 500 ? new Error() : new Broken())));
    request.addEventListener("error", () => reject(new Broken()));
    request.addEventListener("abort", () => reject(new Error()));
    request.send(row.file);
  });
}

// As the server writes a sentence: MN-3-0127 is one word, and stays on one line.
function whole(sentence) {
  return sentence.split(/([A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)+)/).map((part, n) => {
    if (n % 2 === 0 || !/[0-9]/.test(part)) return part;
    const number = document.createElement("span");
    number.className = part.length <= 20 ? "whole" : "whole-line";
    number.textContent = part;
    return number;
  });
}

// Name and ending stand apart: in a line of Arabic "ملف 12.pdf" would turn into "ملف pdf.12".
function parts(name) {
  const dot = name.lastIndexOf(".");
  return dot < 1 ? [name, ""] : [name.slice(0, dot), `${name.slice(dot + 1).toUpperCase()} · `];
}

function readable(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

// Not crypto.randomUUID: that one is missing where a small office serves plain http on its own network.
function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
