// What findings can be filtered by: each facet gives every row one of its values.

const UNSEEN = "-";

function facet(name, title, keyOf, labelOf, order) {
  const numbers = new Map();
  const values = [];
  const codes = new Uint32Array(size);
  for (let row = 0; row < size; row += 1) {
    const key = keyOf(row);
    let number = numbers.get(key);
    if (number === undefined) {
      number = values.length;
      numbers.set(key, number);
      values.push({ key, label: labelOf(key), number, count: 0 });
    }
    codes[row] = number;
    values[number].count += 1;
  }
  const rank = (value) => (order && order.includes(value.key) ? order.indexOf(value.key) : values.length);
  const shown = [...values].sort((a, b) => rank(a) - rank(b) || b.count - a.count || (a.key < b.key ? -1 : 1));
  return { name, title, numbers, values, shown, codes };
}

// Of a table's numbers, the key of each: found once for an entry, not once for a row.
const byTable = (column, entries, keyOf) => {
  const keys = entries.map(keyOf);
  return (row) => keys[column[row]];
};

const accountKeys = tables.accounts.map(([provider, account]) => `${provider}/${account}`);
const accountLabel = (key) => {
  const name = accountNames.get(key);
  const account = key.slice(key.indexOf("/") + 1);
  return name && name !== account ? `${name} (${account})` : account;
};

const FACETS = [
  facet("status", "Status", byTable(listed.status, facts.statuses, (status) => status), (key) => STATUS[key],
    ["fail", "unknown", "excepted", "pass", "not-applicable"]),
  facet("severity", "Severity", byTable(listed.severity, facts.severities, (severity) => severity), (key) => key,
    facts.severities),
  facet("state", "Since the last look", byTable(listed.lifecycle, tables.lifecycles, (life) => (life ? life.state : UNSEEN)),
    (key) => (key === UNSEEN ? "never seen to fail" : key), Object.keys(facts.states)),
  facet("due", "Due", dueState, (key) => DUE[key], Object.keys(DUE)),
  facet("cloud", "Cloud", (row) => tables.accounts[subjects[listed.subject[row]][3]][0], cloudName),
  facet("account", "Account", (row) => accountKeys[subjects[listed.subject[row]][3]], accountLabel),
  facet("owner", "Owner", byTable(listed.people, tables.people, (people) => people.owner || ""), (key) => key || "nobody", [""]),
  facet("duty", "Duty", byTable(listed.attribution, tables.attributions, (said) => said.duty), dutyTitle),
  facet("check", "Check", byTable(listed.check, tables.checks, (check) => check), (key) => key),
];
const facetNamed = (name) => FACETS.find((each) => each.name === name);

// The rows that pass, and for each value of each facet how many would if only the other facets were asked.
function filtered(filters, matches) {
  const allowed = FACETS.map((each) => {
    const chosen = filters.get(each.name);
    if (!chosen) return null;
    const flags = new Uint8Array(each.values.length);
    for (const key of chosen) if (each.numbers.has(key)) flags[each.numbers.get(key)] = 1;
    return flags;
  });
  const counts = FACETS.map((each) => new Uint32Array(each.values.length));
  const rows = new Uint32Array(size);
  let found = 0;
  for (let row = 0; row < size; row += 1) {
    if (matches && !matches[row]) continue;
    let misses = 0;
    let missed = -1;
    for (let number = 0; number < FACETS.length && misses < 2; number += 1) {
      if (allowed[number] && !allowed[number][FACETS[number].codes[row]]) {
        misses += 1;
        missed = number;
      }
    }
    if (misses === 0) {
      rows[found] = row;
      found += 1;
      for (let number = 0; number < FACETS.length; number += 1) counts[number][FACETS[number].codes[row]] += 1;
    } else if (misses === 1) {
      counts[missed][FACETS[missed].codes[row]] += 1;
    }
  }
  return { rows: rows.subarray(0, found), counts };
}
