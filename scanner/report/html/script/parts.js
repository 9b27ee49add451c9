// The parts of a finding's page.

function pairs(...rows) {
  const shown = rows.filter(([, ...said]) => said.flat(Infinity).some((each) => each !== null && each !== undefined && each !== false && each !== ""));
  return shown.length
    ? element("dl", { class: "pairs" }, shown.map(([title, ...said]) => [element("dt", {}, title), element("dd", {}, said)]))
    : null;
}

const part = (title, ...children) => {
  const shown = children.flat(Infinity).filter((child) => child);
  return shown.length ? element("section", { class: "part" }, element("h3", {}, title), shown) : null;
};
const bullets = (items) => items.length ? element("ul", {}, items.map((item) => element("li", {}, item))) : null;

function request(witness) {
  if (!witness) return null;
  return element("div", { class: "request" },
    element("p", {}, "This request is allowed, as a second evaluation confirmed"),
    pairs(
      ["Who", code(witness.principal)],
      ["Does", code(witness.action)],
      ["To", code(witness.resource)],
      ["With", bullets(Object.entries(witness.context || {}).map(([key, value]) => code(`${key} = ${value}`)))],
      ["By", witness.statement && code(witness.statement)]));
}

const undecided = (row) => statusOf(row) === "unknown" && gapsOf(row).every((gap) => gap.why === "not-yet-known");

function foundPart(row, more) {
  const status = statusOf(row);
  const found = reasonsOf(row).map((text, number) =>
    element("li", {}, text, request(more && more.witnesses && more.witnesses[number])));
  return part(status === "fail" || status === "excepted" ? "What is wrong" : "What was found",
    status !== "fail" && element("p", {}, undecided(row) ? UNDECIDED_SAID : STATUS_SAID[status]),
    found.length ? element("ol", { class: "reasons" }, found) : null,
    more && more.first && request(more.first[0]),
    tables.texts[listed.mitigated[row]].length
      ? element("p", {}, element("b", {}, "But: "), tables.texts[listed.mitigated[row]].join("; ")) : null,
    tables.texts[listed.notices[row]].map((notice) => element("p", {}, element("b", {}, "Notice: "), notice)));
}

function unreadPart(row, more) {
  const lacking = gapsOf(row);
  if (!lacking.length) return null;
  const needs = tables.texts[listed.needs[row]];
  const title = undecided(row) ? "What does not tell" : "What could not be read";
  return part(title,
    element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title },
      element("table", { class: "plain" },
        element("caption", {}, "Facts that are not known"),
        element("thead", {}, element("tr", {}, ["Fact", "Call", "Needs", "Because"].map((title) => element("th", { scope: "col" }, title)))),
        element("tbody", {}, lacking.map((gap, number) => element("tr", {},
          element("td", {}, code(gap.fact || "–")),
          element("td", {}, gap.call ? code(gap.call) : "–"),
          element("td", {}, gap.needs.length ? gap.needs.map((need) => [code(need), " "]) : "–"),
          element("td", {}, facts.why[gap.why], element("small", {}, more && more.details[number]))))))),
    needs.length ? element("p", {}, "Grant ", needs.map((need) => [code(need), " "]), "to the scanner and scan again.") : null);
}

// Both halves of the duty, with the line between them.
function halvesPart(row) {
  const said = attributionOf(row);
  const duty = own(facts.duties, said.duty);
  const layer = own(facts.layers, said.layer);
  const violated = ["fail", "excepted"].includes(statusOf(row));
  const mark = (side) => (violated && said.side === side ? element("span", { class: "hit" }, "! violated") : null);
  const near = said.boundary_rule || said.side === "provider" ? "on this resource" : "on this type of resource";
  const half = (words, own) => [
    duty && said.side === "customer" && own ? [element("p", { class: "of" }, "in this duty"), element("p", {}, own)] : null,
    words && words !== own ? [element("p", { class: "of" }, near), element("p", {}, words)] : null,
  ];
  return part(said.side === "provider" ? "Whose it is: the provider's" : "Whose it is: yours",
    element("p", {}, element("b", {}, dutyTitle(said.duty)), " ", code(said.duty)),
    element("div", { class: "halves" },
      element("div", { class: "yours" }, element("h4", {}, "Your part", mark("customer")), half(said.customer_part, duty && duty.customer)),
      element("div", { class: "theirs" }, element("h4", {}, "The provider's part", mark("provider")), half(said.provider_part, duty && duty.counterpart))),
    element("p", {}),
    pairs(
      ["Layer", layer ? layer.title : said.layer, `, operated here: ${OWNED[said.layer_owner]}`],
      ["Service", `${said.service_model}: ${MODEL[said.service_model]}`],
      ["The line", said.boundary_rule && `moved by a setting of this resource: ${said.boundary_rule}`],
      ["Left open", bullets(said.undecided)],
      ["Both halves", said.side === "customer" ? SHARED[said.shared_kind] : ""],
      ["In other words", `${said.inheritance} (NIST SP 800-53), ${said.ccm_ownership} (CSA CCM)`],
      ["How sure", CONFIDENCE[said.confidence]],
      ["Source", said.source && [cited(said.source),
        said.source.read ? ` (read ${said.source.read})` : ""]]));
}

// A page is linked to by what the model says of it, not by what stands in a finding.
function cited(source) {
  const known = own(facts.sources, source.doc);
  return known && known.url === source.url ? outside(known.url, known.title) : source.url;
}

function peoplePart(row) {
  const people = peopleOf(row);
  const said = attributionOf(row);
  if (said.side === "provider") return null;
  const exception = exceptionOf(row);
  const due = dueOf(row);
  const late = dueState(row) === "overdue";
  const role = own(facts.duties, said.duty) && own(facts.duties, said.duty).role;
  return [
    part("Who answers, and by when", pairs(
      ["Owner", people.owner || [element("strong", { class: "alarm" }, "nobody"), role ? `; usual role: ${role}` : ""]],
      ["Backup", people.backup || (people.owner ? element("strong", { class: "alarm" }, "nobody") : "")],
      ["Reached at", people.channel],
      ["By", people.owned_by],
      ["Unless", bullets(people.owner_undecided)],
      ["Due", exception ? `when the exception ends, after ${exception.expires}`
        : due.day ? [due.day, late && element("strong", { class: "alarm" }, " overdue")]
          : due.days !== null ? `${counted(due.days, "day", "days")} after it is first seen to fail` : ""])),
    exception && part("Accepted for now", pairs(
      ["Until", exception.expires], ["Ticket", exception.ticket], ["Reason", exception.reason],
      ["Approved by", exception.approver], ["Carried by", exception.owner], ["Rule", exception.rule])),
  ];
}

function timePart(row) {
  const life = lifecycleOf(row);
  const seen = seenOf(row);
  return part("What became of it", pairs(
    ["State", life && facts.states[life.state]],
    ["Before", life && life.before && facts.states[life.before]],
    ["Made so", life && [moment(life.introduced_at), life.introduced_by && ` by ${life.introduced_by}`]],
    ["Came back", life && life.reopened ? counted(life.reopened, "time", "times") : ""],
    ["Resolved", life && moment(life.resolved_at)],
    ["First seen", moment(seen.first_seen)],
    ["Last seen", moment(seen.last_seen)]));
}

function fixPart(row) {
  const check = checkFacts(row);
  if (!check) return null;
  const { provider } = resourceOf(row);
  const decided = ["fail", "excepted"].includes(statusOf(row));
  return [
    part("Why it matters", check.why.map((text) => element("p", {}, prose(text)))),
    part(decided ? "How to mend it" : "How to mend it where it fails",
      check.fix.filter((step) => !step.cloud || step.cloud === provider || !check.fix.some((each) => each.cloud === provider))
        .map((step) => step.cloud
          ? element("div", { class: `step${step.cloud === provider ? " mine" : ""}` }, element("b", {}, `On ${cloudName(step.cloud)}`), element("p", {}, prose(step.text)))
          : element("p", {}, prose(step.text))),
      element("p", { class: "label" }, "Read more"),
      bullets(check.references.map((url) => outside(url)))),
  ];
}

function controlsPart(row) {
  const duty = own(facts.duties, attributionOf(row).duty);
  if (!duty || !duty.cited.length) return null;
  const violated = ["fail", "excepted"].includes(statusOf(row));
  return part("Controls that cite this duty",
    element("p", { class: "small" }, violated
      ? "A violation is evidence against them. Mending it does not satisfy any: a check sees a part of one."
      : "A violation would be evidence against them. That none was found satisfies none."),
    element("ul", { class: "controls" }, duty.cited.filter((each) => each.controls.length).map((each) => element("li", {},
      element("b", {}, own(facts.frameworks, each.framework) || each.framework), " ",
      each.controls.map((control) => [code(control), " "])))));
}

const passage = ({ file, first_line: first, last_line: last }) =>
  `${file}:${first}${last === null || last === first ? "" : `-${last}`}`;

function wherePart(row, more) {
  const resource = resourceOf(row);
  return part("Where", pairs(
    ["Name", resource.name],
    ["Uid", code(resource.uid)],
    ["Type", `${resource.type} (${resource.kind})`],
    ["Account", [cloudName(resource.provider), " ", resource.accountName && resource.accountName !== resource.account ? `${resource.accountName}, ` : "", code(resource.account)]],
    ["Region", resource.region],
    ["Written in", more && more.written && code(passage(more.written))],
    ["Lies in", resource.within.map((each) => each.name || each.uid).join(" › ")],
    ["Tags", !more ? "" : more.tags === null ? "not read" : more.tags.length ? more.tags.map(([key, value]) => [code(`${key}=${value}`), " "]) : "none"],
    ["Finding", code(ids[row])],
    ["Scan", code(seenOf(row).scan)]));
}

function evidencePart(row, more) {
  if (!more || more.evidence === "{}") return null;
  const box = element("pre", { tabindex: "0", role: "region", "aria-label": "Evidence" });
  // Lines are ours here; in the texts of a JSON value they are escapes already.
  for (const line of laidOut(more.evidence).split("\n")) fill(box, [line]).append("\n");
  return part("Evidence: the facts that this rests on", box);
}

// JSON with its structure shown by lines, without reading its values: no number changes, and no depth is too great.
function laidOut(json) {
  let depth = 0;
  let quoted = false;
  let out = "";
  const line = () => `\n${"  ".repeat(Math.min(depth, 20))}`;
  for (let i = 0; i < json.length; i += 1) {
    const sign = json[i];
    if (quoted) {
      out += sign;
      if (sign === "\\") out += json[(i += 1)];
      else if (sign === '"') quoted = false;
    } else if (sign === '"') {
      quoted = true;
      out += sign;
    } else if ("{[".includes(sign)) {
      if ("}]".includes(json[i + 1])) out += sign + json[(i += 1)];
      else {
        depth += 1;
        out += sign + line();
      }
    } else if ("}]".includes(sign)) {
      depth -= 1;
      out += line() + sign;
    } else if (sign === ",") out += sign + line();
    else if (sign === ":") out += ": ";
    else out += sign;
  }
  return out;
}
