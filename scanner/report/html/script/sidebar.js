// The filters: a group of boxes for each facet, with how many findings each box would leave.

const SHOWN = 100;
const MANY = 8;

function sidebar(choose) {
  const groups = FACETS.filter((each) => each.values.length > 1).map((each) => group(each, choose));
  const wide = matchMedia("(min-width: 62.01rem)");
  const box = element("details", {}, element("summary", {}, "Filters"), groups.map((each) => each.box));
  box.open = wide.matches;
  wide.addEventListener("change", () => { box.open = wide.matches; });
  const update = (state, counts) => {
    for (const each of groups) each.update(state.filters.get(each.facet.name), counts[FACETS.indexOf(each.facet)]);
  };
  return { box: element("div", { class: "sidebar", role: "search", "aria-label": "Filters" }, box), update };
}

function group(facetOf, choose) {
  const list = element("div", { class: "values" });
  const box = element("fieldset", {}, element("legend", {}, facetOf.title));
  const rest = element("p", { class: "small" });
  const now = { chosen: null, counts: null, words: "" };
  const options = new Map();
  const optionOf = (value) => {
    if (!options.has(value)) options.set(value, option(facetOf, value, now, choose));
    return options.get(value);
  };
  const draw = () => {
    const matching = facetOf.shown.filter((value) => !now.words || lower(value.label, value.key).includes(now.words));
    const picked = matching.filter((value) => now.chosen && now.chosen.has(value.key));
    const shown = matching.length <= SHOWN ? matching
      : [...picked, ...matching.filter((value) => !picked.includes(value))].slice(0, SHOWN);
    const boxes = shown.map(optionOf);
    for (const each of boxes) each.update();
    // What stands there already stays, so that whoever has come to it with the keyboard is still at it.
    if (boxes.length !== list.children.length || boxes.some((each, place) => list.children[place] !== each.label)) {
      const focused = document.activeElement;
      list.replaceChildren(...boxes.map((each) => each.label));
      if (list.contains(focused)) focused.focus();
    }
    replaced(rest, matching.length > shown.length && `${many(matching.length - shown.length)} more: type to find them`);
    rest.hidden = matching.length <= shown.length;
  };
  if (facetOf.values.length > MANY) {
    const narrow = element("input", {
      type: "search", class: "narrow", placeholder: "Find", "aria-label": `Find in ${facetOf.title}`, autocomplete: "off",
    });
    narrow.addEventListener("input", () => {
      now.words = narrow.value.toLowerCase().trim();
      draw();
    });
    box.append(narrow);
  }
  box.append(list, rest);
  const update = (chosen, counts) => {
    now.chosen = chosen || null;
    now.counts = counts;
    draw();
  };
  return { facet: facetOf, box, update };
}

function option(facetOf, value, now, choose) {
  const input = element("input", { type: "checkbox" });
  const count = element("span", { class: "many" });
  const label = element("label", { title: value.label === value.key ? null : value.key },
    input,
    facetOf.name === "severity" && shape(value.key),
    element("span", { class: "name" }, brief(value.label, 80)),
    " ",
    count);
  input.addEventListener("change", () => {
    const chosen = new Set(now.chosen || []);
    if (input.checked) chosen.add(value.key);
    else chosen.delete(value.key);
    choose(facetOf.name, chosen);
  });
  const update = () => {
    const left = now.counts ? now.counts[value.number] : value.count;
    input.checked = Boolean(now.chosen && now.chosen.has(value.key));
    label.classList.toggle("nothing", !left);
    replaced(count, many(left));
  };
  return { label, update };
}
