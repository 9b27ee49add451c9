// A finding as a row of the list.

const LONG = 300;

function rowOf(row, state) {
  const resource = resourceOf(row);
  const severity = severityOf(row);
  const status = statusOf(row);
  const people = peopleOf(row);
  const life = lifecycleOf(row);
  const due = dueOf(row);
  const late = dueState(row) === "overdue";
  const account = resource.accountName || resource.account;
  return element("tr", { "data-id": ids[row] },
    element("td", { class: `severity ${severity}` },
      shape(severity), ` ${severity}`,
      status !== "fail" && element("small", {}, STATUS[status]),
      life && status === "fail" && element("small", {}, life.state)),
    element("td", { class: "what" },
      inside(addressOf({ ...state, finding: ids[row] }), {}, brief(saidOf(row), LONG)),
      element("small", {}, checkOf(row))),
    element("td", { class: "where" },
      element("b", {}, brief(resource.name || resource.uid, LONG)),
      element("small", {}, resource.type || resource.kind),
      element("small", {}, `${cloudName(resource.provider)} ${brief(account, LONG)}, ${resource.region}`)),
    element("td", { "data-title": "Duty" }, dutyTitle(attributionOf(row).duty)),
    element("td", { "data-title": "Owner" }, people.owner ? brief(people.owner, LONG) : element("span", { class: status === "fail" ? "alarm" : "none" }, "nobody")),
    element("td", { class: "nowrap", "data-title": status === "fail" && due.day && "Due" },
      status === "fail" && due.day,
      late && element("strong", { class: "alarm" }, " overdue")));
}

// What a row says: what is wrong, what was not read, or what the check asks for.
function saidOf(row) {
  const found = [...new Set(reasonsOf(row))];
  if (found.length) return found.length > 1 ? `${found[0]}, and ${counted(found.length - 1, "more reason", "more reasons")}` : found[0];
  const lacking = gapsOf(row);
  const check = checkFacts(row);
  if (lacking.length && check && !nameOf(lacking[0])) return `not known: ${check.title} (${facts.why[lacking[0].why]})`;
  if (lacking.length) return lackSaid(lacking[0]);
  return check ? check.title : checkOf(row);
}

function lackSaid(gap) {
  if (gap.needs.length) return `needs ${gap.needs.join(" and ")} (${facts.why[gap.why]})`;
  if (gap.call) return `no answer to ${gap.call} (${facts.why[gap.why]})`;
  return `${gap.fact || "more information"} (${facts.why[gap.why]})`;
}
