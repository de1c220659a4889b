// The token of a scanned licence stands after "#", so it reached no server and no log. Send it on by a form.
const token = decodeURIComponent(location.hash.slice(1));
const form = document.querySelector("form[data-scanned]");
if (token && form) {
  history.replaceState(null, "", location.pathname);
  form.elements.token.value = token;
  form.requestSubmit();
}
