// Free text: every word has to stand somewhere in a finding, in whatever case.

const lower = (...fields) => fields.filter(Boolean).join("\n").toLowerCase();
let haystacks = null;

// Lower-cased once, when something is first searched for.
function haystack() {
  haystacks = haystacks || {
    ids: ids.map((id) => id.toLowerCase()),
    subjects: subjects.map(([uid, name]) => lower(uid, name)),
    texts: texts.map((text) => lower(text)),
    checks: tables.checks.map((id) => lower(id, own(facts.checks, id) && own(facts.checks, id).title)),
    kinds: tables.kinds.map((words) => lower(...words)),
    accounts: tables.accounts.map(([provider, account]) =>
      lower(provider, cloudName(provider), account, accountNames.get(`${provider}/${account}`))),
    regions: tables.regions.map((region) => lower(region)),
    attributions: tables.attributions.map((said) => lower(said.duty, dutyTitle(said.duty))),
    people: tables.people.map((people) => lower(people.owner, people.backup)),
    gaps: tables.gaps.map((gap) => lower(gap.fact, gap.call, ...gap.needs)),
  };
  return haystacks;
}

function wordMatches(word) {
  const hits = Object.fromEntries(
    Object.entries(haystack()).map(([name, all]) => [name, Uint8Array.from(all, (text) => (text.includes(word) ? 1 : 0))]));
  const matches = new Uint8Array(size);
  for (let row = 0; row < size; row += 1) {
    const number = listed.subject[row];
    const [, , kind, account, region] = subjects[number];
    matches[row] = hits.subjects[number] || hits.checks[listed.check[row]] || hits.ids[row]
      || hits.attributions[listed.attribution[row]] || hits.people[listed.people[row]] || hits.accounts[account]
      || hits.kinds[kind] || hits.regions[region]
      || some(reasons, row, hits.texts) || some(gaps, row, hits.gaps);
  }
  return matches;
}

function some(lists, row, hits) {
  for (let item = lists.from[row]; item < lists.from[row + 1]; item += 1) if (hits[lists.all[item]]) return 1;
  return 0;
}

const remembered = { query: "", matches: null };

// A flag for each row; null where nothing is searched for.
function searched(query) {
  const words = [...new Set(query.toLowerCase().split(/\s+/).filter(Boolean))];
  if (!words.length) return null;
  const asked = words.join(" ");
  if (remembered.query !== asked) {
    const [first, ...others] = words.map(wordMatches);
    for (const other of others) for (let row = 0; row < size; row += 1) first[row] &= other[row];
    remembered.query = asked;
    remembered.matches = first;
  }
  return remembered.matches;
}

// What an unknown result lacks, by the name that Python gives it.
const lackOf = (gap) => `${gap.why}:${nameOf(gap)}`;
const nameOf = (gap) => gap.needs.join("+") || gap.call || gap.fact;

// A flag for each row that passes what is searched for and lacks what is asked for; null where neither is asked.
function sought(query, lack) {
  const matches = searched(query);
  if (!lack) return matches;
  const hits = Uint8Array.from(tables.gaps, (gap) => (lackOf(gap) === lack ? 1 : 0));
  return Uint8Array.from({ length: size }, (_, row) => ((!matches || matches[row]) && some(gaps, row, hits) ? 1 : 0));
}
