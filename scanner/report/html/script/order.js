// The order of rows.

const WORST = facts.statuses.map((status) => ["fail", "unknown", "excepted", "pass", "not-applicable"].indexOf(status));
const LAST = "\uffff";

// What a column is sorted by: a number for a row, or a text for each entry of a table and that table's column.
const ORDERS = {
  worst: { rank: (row) => WORST[listed.status[row]] * facts.severities.length + listed.severity[row] },
  finding: { texts: () => tables.checks, column: listed.check },
  resource: { texts: () => subjects.map(([uid, name]) => (name || uid).toLowerCase()), column: listed.subject },
  account: { texts: () => subjects.map((subject) => accountKeys[subject[3]]), column: listed.subject },
  duty: { texts: () => tables.attributions.map((said) => dutyTitle(said.duty)), column: listed.attribution },
  owner: { texts: () => tables.people.map((people) => people.owner || LAST), column: listed.people },
  due: { texts: () => tables.due.map((due) => due.day || LAST), column: listed.due },
  seen: { texts: () => tables.seen.map((seen) => seen.first_seen || LAST), column: listed.seen },
};
const ranks = new Map();

function ranksOf(name) {
  if (!ranks.has(name)) {
    const { rank, texts: textsOf, column } = ORDERS[name];
    const found = new Float64Array(size);
    if (rank) for (let row = 0; row < size; row += 1) found[row] = rank(row);
    else {
      const words = textsOf();
      const places = new Map([...new Set(words)].sort().map((text, place) => [text, text === LAST ? -1 : place]));
      const byEntry = words.map((text) => places.get(text));
      for (let row = 0; row < size; row += 1) found[row] = byEntry[column[row]];
    }
    ranks.set(name, found);
  }
  return ranks.get(name);
}

// Rows by a column, up or down; what has nothing there comes last, and what is equal stays as it was scanned.
function ordered(rows, name, down) {
  const rank = ranksOf(name);
  const most = size + facts.severities.length * facts.statuses.length;
  const keys = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) {
    const own = rank[rows[i]];
    const place = own < 0 ? most + 1 : down ? most - own : own;
    keys[i] = place * size + rows[i];
  }
  keys.sort();
  return Uint32Array.from(keys, (key) => key % size);
}
