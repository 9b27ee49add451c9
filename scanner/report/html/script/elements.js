// Elements. Text becomes text nodes, never markup; addresses come from two doors only.

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, visible(value));
  }
  fill(made, children);
  return made;
}

function fill(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    parent.append(child instanceof Node ? child : document.createTextNode(visible(child)));
  }
  return parent;
}

const replaced = (parent, ...children) => {
  parent.replaceChildren();
  return fill(parent, children);
};

// A place on this page. What stands in it is percent-encoded by `addressOf`.
function inside(address, attributes, ...children) {
  const link = element("a", attributes, ...children);
  link.setAttribute("href", `#${address}`);
  return link;
}

// A page of the web: only over TLS, and only from the texts of checks and of the model, never from what was scanned.
const WEB = /^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)+(\/[!-~]*)?$/i;
function outside(url, ...children) {
  if (!WEB.test(url)) return document.createTextNode(visible(url));
  const link = element("a", { rel: "noopener noreferrer", target: "_blank" }, ...(children.length ? children : [url]));
  link.setAttribute("href", url);
  return link;
}

const SHAPES = {
  critical: ["path", { d: "M6 0l6 6-6 6-6-6z" }],
  high: ["path", { d: "M6 .8l5.8 10.4H.2z" }],
  medium: ["rect", { x: 1.2, y: 1.2, width: 9.6, height: 9.6, rx: 1 }],
  low: ["circle", { cx: 6, cy: 6, r: 4.9 }],
  info: ["circle", { cx: 6, cy: 6, r: 4, class: "ring" }],
};

// A severity's sign: a shape of its own for each, beside the word.
function shape(severity) {
  const space = "http://www.w3.org/2000/svg";
  const sign = document.createElementNS(space, "svg");
  const given = { class: `shape ${severity}`, viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" };
  for (const [name, value] of Object.entries(given)) sign.setAttribute(name, value);
  const [tag, attributes] = SHAPES[severity];
  const drawn = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) drawn.setAttribute(name, value);
  sign.append(drawn);
  return sign;
}

// Text of ours, in which names stand between backticks.
const prose = (text) => text.split(/`([^`]+)`/).map((part, at) => (at % 2 ? element("code", {}, part) : part));
const code = (text) => element("code", {}, text);
