// The findings: columns of numbers, and tables that these lead to.

// What a table says of a name that somebody else may have chosen, such as `constructor`.
const own = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const facts = read("facts");
const tables = read("tables");
const size = facts.findings;

const listed = {};
for (const name of ["check", "status", "severity", "subject", "attribution", "people", "seen", "due", "lifecycle",
  "exception", "needs", "mitigated", "notices"]) {
  listed[name] = new Uint32Array(size);
}
const ids = new Array(size);
const subjects = [];
const texts = [];
// The reasons of row i are `reasons.all` from `reasons.from[i]` to `reasons.from[i + 1]`; what it lacks, likewise.
const reasons = { all: [], from: new Uint32Array(size + 1) };
const gaps = { all: [], from: new Uint32Array(size + 1) };
// The first row of each part.
const parts = [];

const at = (column) => (Array.isArray(column) ? (row) => column[row] : () => column.all);

function load() {
  let row = 0;
  for (const island of document.querySelectorAll("script.listed")) {
    const { rows, columns, subjects: resources, texts: words } = JSON.parse(island.textContent);
    island.remove();
    const first = row;
    parts.push(first);
    for (const [name, into] of Object.entries(listed)) {
      const from = at(columns[name]);
      const offset = name === "subject" ? subjects.length : 0;
      for (let i = 0; i < rows; i += 1) into[first + i] = from(i) + offset;
    }
    const id = at(columns.id);
    const reason = at(columns.reasons);
    const lacking = at(columns.unread);
    for (let i = 0; i < rows; i += 1, row += 1) {
      ids[row] = id(i);
      for (const text of reason(i)) reasons.all.push(text + texts.length);
      for (const gap of lacking(i)) gaps.all.push(gap);
      reasons.from[row + 1] = reasons.all.length;
      gaps.from[row + 1] = gaps.all.length;
    }
    for (const resource of resources) subjects.push(resource);
    for (const word of words) texts.push(word);
  }
}

load();

// What is only read one by one: unpacked when it is asked for, and forgotten when another part is.
const told = { part: -1, columns: null, tags: null, written: null };

function partOf(row) {
  let part = parts.length - 1;
  while (parts[part] > row) part -= 1;
  return part;
}

// Whether what is read of a row is at hand.
const unpacked = (row) => told.part === partOf(row);

// Brings it to hand. False where this browser cannot: it brings what unpacks since 2020 to 2023, whichever it is.
async function unpack(row) {
  const part = partOf(row);
  if (told.part === part) return true;
  if (!globalThis.DecompressionStream) return false;
  const text = atob(document.getElementById(`told-${part}`).textContent);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const island = await new Response(stream).json();
  told.columns = Object.fromEntries(Object.entries(island.columns).map(([name, column]) => [name, at(column)]));
  told.tags = island.tags;
  told.written = island.written;
  told.part = part;
  return true;
}

// Null where it is not at hand.
function rest(row) {
  const part = partOf(row);
  if (told.part !== part) return null;
  const within = row - parts[part];
  const subject = listed.subject[row] - subjectsBefore(part);
  const { witnesses, first, details, evidence } = told.columns;
  return {
    witnesses: witnesses(within) && witnesses(within).map(witnessOf),
    first: first(within) && first(within).map(witnessOf),
    details: details(within),
    evidence: evidence(within),
    tags: told.tags[subject],
    written: told.written[subject],
  };
}

const witnessOf = (fields) =>
  fields && { principal: fields[0], action: fields[1], resource: fields[2], context: fields[3], statement: fields[4] };

// Subjects are numbered on from part to part; the first row of a part has its first subject.
const subjectsBefore = (part) => listed.subject[parts[part]];

const statusOf = (row) => facts.statuses[listed.status[row]];
const severityOf = (row) => facts.severities[listed.severity[row]];
const checkOf = (row) => tables.checks[listed.check[row]];
const checkFacts = (row) => own(facts.checks, checkOf(row));
const attributionOf = (row) => tables.attributions[listed.attribution[row]];
const peopleOf = (row) => tables.people[listed.people[row]];
const seenOf = (row) => tables.seen[listed.seen[row]];
const dueOf = (row) => tables.due[listed.due[row]];
const lifecycleOf = (row) => tables.lifecycles[listed.lifecycle[row]];
const exceptionOf = (row) => tables.exceptions[listed.exception[row]];
const reasonsOf = (row) => reasons.all.slice(reasons.from[row], reasons.from[row + 1]).map((text) => texts[text]);
const gapsOf = (row) => gaps.all.slice(gaps.from[row], gaps.from[row + 1]).map((gap) => tables.gaps[gap]);
const cloudName = (provider) => own(facts.clouds, provider) || provider;
const dutyTitle = (duty) => (own(facts.duties, duty) ? own(facts.duties, duty).title : duty);

const accountNames = new Map(facts.run.scopes.map((scope) => [`${scope.provider}/${scope.account}`, scope.name]));

function resourceOf(row) {
  const [uid, name, kind, account, region, place] = subjects[listed.subject[row]];
  const [provider, accountId] = tables.accounts[account];
  return {
    uid,
    name,
    kind: tables.kinds[kind][0],
    type: tables.kinds[kind][1],
    provider,
    account: accountId,
    accountName: accountNames.get(`${provider}/${accountId}`) || "",
    region: tables.regions[region],
    within: tables.places[place].within,
    placed: tables.places[place].placed,
  };
}

function dueState(row) {
  const { day } = dueOf(row);
  const { last_seen: seen } = seenOf(row);
  if (!day || statusOf(row) !== "fail") return "none";
  return seen && day < seen.slice(0, 10) ? "overdue" : "due";
}
