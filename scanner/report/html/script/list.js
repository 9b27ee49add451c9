// The list: what was found, a page of it, and how it is filtered.

const PAGE = 200;
const PRINTED = 1000;
const COLUMNS = [
  ["worst", "Severity"],
  ["finding", "Finding"],
  ["resource", "Resource"],
  ["duty", "Duty"],
  ["owner", "Owner"],
  ["due", "Due"],
];

function list(go) {
  const found = element("p", { class: "found", role: "status" });
  const chosen = element("ul", { class: "chosen", "aria-label": "Filters in use" });
  const body = element("tbody");
  const heads = COLUMNS.map(([name, title]) => head(name, title, go));
  const table = element("table", { class: "plain list" },
    element("caption", {}, "Findings"),
    element("thead", {}, element("tr", {}, heads.map((each) => each.cell))),
    body);
  const empty = element("div", { class: "empty", hidden: true },
    size ? [element("p", {}, "No finding has all of this."), clearing(go)] : element("p", {}, "This report holds no findings."));
  const pages = pager(go);
  const scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "List of findings" }, table, empty);

  const show = (state, rows, from, until) => {
    replaced(body, Array.from(rows.subarray(from, until), (row) => rowOf(row, state)));
  };
  const update = (state, rows) => {
    const last = Math.max(1, Math.ceil(rows.length / PAGE));
    const page = Math.min(state.page, last);
    const from = (page - 1) * PAGE;
    const until = Math.min(from + PAGE, rows.length);
    replaced(found, counted(rows.length, "finding", "findings"),
      element("small", {}, rows.length === size ? "" : ` of ${many(size)}`,
        last > 1 ? `, ${many(from + 1)} to ${many(until)} shown` : ""));
    for (const each of heads) each.update(state);
    replaced(chosen, chips(state, go));
    chosen.hidden = !chosen.children.length;
    table.hidden = !rows.length;
    empty.hidden = Boolean(rows.length);
    pages.update(page, last);
    show(state, rows, from, until);
  };
  return { top: [found, chosen], bottom: [scroll, pages.box], update, show, found };
}

function head(name, title, go) {
  const button = element("button", { type: "button" }, title);
  button.addEventListener("click", () => go((state) => changed(state, { sort: name, down: state.sort === name && !state.down })));
  const cell = element("th", { scope: "col" }, button);
  const update = (state) => {
    if (state.sort === name) cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    else cell.removeAttribute("aria-sort");
  };
  return { cell, update };
}

function clearing(go) {
  const button = element("button", { type: "button" }, "Clear all filters");
  button.addEventListener("click", () => go(() => nothing()));
  return button;
}

// Each value that is filtered by, as a button that takes it away.
function chips(state, go) {
  const made = [];
  const chip = (label, next) => {
    const button = element("button", { type: "button", "aria-label": `Take away the filter ${label}` }, brief(label, 60));
    button.addEventListener("click", () => go(next));
    made.push(element("li", {}, button));
  };
  for (const [name, values] of state.filters) {
    const { title, numbers, values: known } = facetNamed(name);
    for (const key of values) {
      const label = numbers.has(key) ? known[numbers.get(key)].label : key;
      chip(`${title}: ${label}`, (now) => withFilter(now, name, new Set([...now.filters.get(name)].filter((each) => each !== key))));
    }
  }
  if (state.lack) {
    const gap = tables.gaps.find((each) => lackOf(each) === state.lack);
    chip(`Lacks: ${gap ? lackSaid(gap) : state.lack}`, (now) => changed(now, { lack: "" }));
  }
  if (state.q) chip(`Text: ${state.q}`, (now) => changed(now, { q: "" }));
  if (made.length > 1) made.push(element("li", { class: "every" }, clearing(go)));
  return made;
}

function pager(go) {
  const to = (title, page) => {
    const button = element("button", { type: "button" }, title);
    button.addEventListener("click", () => {
      go((state) => ({ ...state, page: page(now.page, now.last) }));
      document.getElementById("list").scrollIntoView();
    });
    return button;
  };
  const now = { page: 1, last: 1 };
  const where = element("span", {});
  const back = [to("First", () => 1), to("Previous", (page) => page - 1)];
  const on = [to("Next", (page) => page + 1), to("Last", (page, last) => last)];
  const box = element("nav", { class: "pages", "aria-label": "Pages of findings" },
    element("div", {}, back), where, element("div", {}, on));
  const update = (page, last) => {
    Object.assign(now, { page, last });
    box.hidden = last < 2;
    replaced(where, `Page ${many(page)} of ${many(last)}`);
    for (const button of back) button.disabled = page === 1;
    for (const button of on) button.disabled = page === last;
  };
  return { box, update };
}
