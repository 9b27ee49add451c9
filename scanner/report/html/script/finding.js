// A finding's own page, over the list.

function findingDialog(go) {
  const place = element("span", { class: "place" });
  const button = (title, then) => {
    const made = element("button", { type: "button" }, title);
    made.addEventListener("click", then);
    return made;
  };
  const now = { rows: null, at: -1, id: "" };
  const step = (by) => go((state) => ({ ...state, finding: ids[now.rows[now.at + by]] }));
  const previous = button("Previous", () => step(-1));
  const next = button("Next", () => step(1));
  const close = button("Close", () => dialog.close());
  const body = element("div", { class: "body" });
  const dialog = element("dialog", { class: "finding", "aria-labelledby": "finding-title" },
    element("div", { class: "tools" }, place, previous, next, close), body);
  dialog.addEventListener("close", () => go((state) => ({ ...state, finding: "" })));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  // What is packed takes a moment, in which somebody may ask for another finding, or for none.
  const open = (id, rows) => {
    const row = ids.indexOf(id);
    now.id = id;
    if (row < 0 || unpacked(row)) {
      show(id, rows, row);
      return;
    }
    dialog.setAttribute("aria-busy", "true");
    unpack(row).then(() => { if (now.id === id) show(id, rows, row); });
  };
  const show = (id, rows, row) => {
    dialog.removeAttribute("aria-busy");
    now.rows = rows;
    now.at = row < 0 ? -1 : rows.indexOf(row);
    previous.disabled = now.at <= 0;
    next.disabled = now.at < 0 || now.at >= rows.length - 1;
    replaced(place, now.at < 0 ? "" : `${many(now.at + 1)} of ${many(rows.length)}`);
    replaced(body, row < 0 ? absent(id) : page(row));
    dialog.scrollTop = 0;
    if (!dialog.open) dialog.showModal();
  };
  const leave = () => {
    now.id = "";
    dialog.removeAttribute("aria-busy");
    if (dialog.open) dialog.close();
  };
  return { dialog, open, close: leave };
}

const absent = (id) => [
  element("h2", { id: "finding-title", tabindex: "-1", autofocus: true }, "This page has no such finding"),
  element("p", {}, code(brief(id, 200)), " is not in it: it may have been resolved, or left out when the page was written."),
];

function page(row) {
  const more = rest(row);
  const severity = severityOf(row);
  const status = statusOf(row);
  const life = lifecycleOf(row);
  const resource = resourceOf(row);
  const check = checkFacts(row);
  const people = peopleOf(row);
  const wrong = status === "fail" || status === "excepted";
  return [
    element("p", { class: "badges" },
      element("span", { class: `severity ${severity}` }, shape(severity), severity),
      element("span", { class: `badge${status === "fail" ? " loud" : ""}` }, STATUS[status]),
      life && status !== life.state && element("span", { class: "badge" }, life.state),
      wrong && element("span", { class: people.owner ? "badge" : "badge loud" }, `owner: ${people.owner ? brief(people.owner, 80) : "nobody"}`),
      dueState(row) === "due" && element("span", { class: "badge" }, `due ${dueOf(row).day}`),
      dueState(row) === "overdue" && element("span", { class: "badge loud" }, `overdue since ${dueOf(row).day}`)),
    element("h2", { id: "finding-title", tabindex: "-1", autofocus: true }, brief(resource.name || resource.uid, LONG), ": ", brief(saidOf(row), LONG)),
    element("p", { class: "rule" }, check ? `Asked for: ${check.title} ` : "", code(checkOf(row))),
    !more && element("p", { class: "banner loud" }, PACKED),
    foundPart(row, more),
    unreadPart(row, more),
    halvesPart(row),
    peoplePart(row),
    fixPart(row),
    timePart(row),
    wherePart(row, more),
    controlsPart(row),
    evidencePart(row, more),
  ];
}
