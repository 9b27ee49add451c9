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
  const draw = () => {
    const matching = facetOf.shown.filter((value) => !now.words || lower(value.label, value.key).includes(now.words));
    const picked = matching.filter((value) => now.chosen && now.chosen.has(value.key));
    const shown = [...picked, ...matching.filter((value) => !picked.includes(value))].slice(0, SHOWN);
    if (facetOf.values.length <= SHOWN) shown.sort((a, b) => facetOf.shown.indexOf(a) - facetOf.shown.indexOf(b));
    replaced(list, shown.map((value) => option(facetOf, value, now, choose)));
    replaced(rest, matching.length > shown.length && `${many(matching.length - shown.length)} more: type to find them`);
    rest.hidden = matching.length <= shown.length;
  };
  if (facetOf.values.length > MANY) {
    const narrow = element("input", { type: "search", class: "narrow", placeholder: "Find", "aria-label": `Find in ${facetOf.title}`, autocomplete: "off" });
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
    const focused = document.activeElement && list.contains(document.activeElement) ? document.activeElement.value : null;
    draw();
    if (focused !== null) {
      const again = [...list.querySelectorAll("input")].find((input) => input.value === focused);
      if (again) again.focus();
    }
  };
  return { facet: facetOf, box, update };
}

function option(facetOf, value, now, choose) {
  const input = element("input", { type: "checkbox" });
  input.value = String(value.number);
  input.checked = Boolean(now.chosen && now.chosen.has(value.key));
  input.addEventListener("change", () => {
    const chosen = new Set(now.chosen || []);
    if (input.checked) chosen.add(value.key);
    else chosen.delete(value.key);
    choose(facetOf.name, chosen);
  });
  const count = now.counts ? now.counts[value.number] : value.count;
  return element("label", { class: count ? null : "nothing", title: value.label === value.key ? null : value.key },
    input,
    facetOf.name === "severity" && shape(value.key),
    element("span", { class: "name" }, brief(value.label, 80)),
    " ",
    element("span", { class: "many" }, many(count)));
}
