// The page's address: what is filtered, sorted and open stands after its `#`, so that it can be kept and sent.

const nothing = () => ({ filters: new Map(), q: "", lack: "", sort: "worst", down: false, page: 1, finding: "" });

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
};
const encoded = (text) => encodeURIComponent(text.replace(/\p{Cs}/gu, "\ufffd"));

// Null where the address is a place on the page rather than a choice of findings.
function stateOf(hash) {
  const text = hash.replace(/^#/, "");
  if (text && !text.includes("=")) return null;
  const state = nothing();
  for (const part of text ? text.split("&") : []) {
    const [name, value] = [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)];
    if (facetNamed(name)) state.filters.set(name, new Set(value.split(",").map(decoded)));
    else if (name === "q" || name === "lack" || name === "finding") state[name] = decoded(value);
    else if (name === "page") state.page = Math.max(1, Number.parseInt(value, 10) || 1);
    else if (name === "sort") {
      const column = value.replace(/^-/, "");
      if (Object.hasOwn(ORDERS, column)) [state.sort, state.down] = [column, value.startsWith("-")];
    }
  }
  return state;
}

function addressOf(state) {
  const said = [];
  if (state.finding) said.push(`finding=${encoded(state.finding)}`);
  for (const { name } of FACETS) {
    const chosen = state.filters.get(name);
    if (chosen) said.push(`${name}=${[...chosen].map(encoded).join(",")}`);
  }
  if (state.lack) said.push(`lack=${encoded(state.lack)}`);
  if (state.q) said.push(`q=${encoded(state.q)}`);
  if (state.sort !== "worst" || state.down) said.push(`sort=${state.down ? "-" : ""}${state.sort}`);
  if (state.page > 1) said.push(`page=${state.page}`);
  return said.join("&");
}

const changed = (state, changes) => ({ ...state, filters: new Map(state.filters), finding: "", page: 1, ...changes });

function withFilter(state, name, chosen) {
  const next = changed(state, {});
  if (chosen.size) next.filters.set(name, chosen);
  else next.filters.delete(name);
  return next;
}
