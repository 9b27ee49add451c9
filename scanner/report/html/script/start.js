// Puts the page together, and keeps it and its address the same.

const now = { state: nothing(), rows: new Uint32Array(0), drawn: null };
const box = document.querySelector("#list .wide");
const filters = sidebar((name, chosen) => go((state) => withFilter(state, name, chosen)));
const listing = list((next) => go(next));
const dialog = findingDialog((next) => go(next));
const search = element("input", { type: "search", placeholder: "Search names, reasons, checks, permissions, people", "aria-label": "Search the findings", autocomplete: "off", spellcheck: "false" });
const download = downloadButton(() => now.rows, (text) => replaced(listing.found, text));

// Moves to another state and writes it into the address, without another entry in the browser's past.
function go(next) {
  const state = next(now.state);
  if (addressOf(state) === addressOf(now.state)) return;
  history.replaceState(null, "", `#${addressOf(state)}`);
  draw(state);
}

function draw(state) {
  now.state = state;
  const wanted = addressOf({ ...state, finding: "" });
  if (now.drawn !== wanted) {
    now.drawn = wanted;
    const { rows, counts } = filtered(state.filters, sought(state.q, state.lack));
    now.rows = ordered(rows, state.sort, state.down);
    if (search.value !== state.q && document.activeElement !== search) search.value = state.q;
    filters.update(state, counts);
    listing.update(state, now.rows);
  }
  if (state.finding) dialog.open(state.finding, now.rows);
  else dialog.close();
}

function follow() {
  const state = stateOf(location.hash);
  if (!state) return;
  draw(state);
  if (location.hash && !state.finding) {
    const title = document.getElementById("findings");
    title.focus({ preventScroll: true });
    document.getElementById("list").scrollIntoView();
  }
}

let waiting = 0;
search.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => go((state) => changed(state, { q: search.value.trim() })), 120);
});
box.append(
  element("div", { class: "browse" },
    filters.box,
    element("div", {},
      element("div", { class: "bar" }, search, download),
      element("div", { class: "bar" }, listing.top[0]),
      listing.top[1],
      listing.bottom)));
document.body.append(dialog.dialog);
addEventListener("hashchange", follow);
addEventListener("beforeprint", () => listing.show(now.state, now.rows, 0, PRINTED));
addEventListener("afterprint", () => listing.update(now.state, now.rows));
draw(now.state);
follow();
