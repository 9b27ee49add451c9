// A finding as a line of the native format, as `--format json` writes it.

// JSON in pure ASCII, as the native format is: no reader then takes a sign in a name for the end of a line.
const ascii = (json) => json.replace(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

const container = (inside) => ({
  level: inside.level,
  uid: inside.uid,
  ...(inside.name ? { name: inside.name } : {}),
  ...(inside.tags ? { tags: Object.fromEntries(inside.tags) } : {}),
});

// Of a row whose rest is at hand.
function lineOf(row) {
  const more = rest(row);
  const resource = resourceOf(row);
  const found = reasonsOf(row).map((text, number) => ({ text, witness: more.witnesses ? more.witnesses[number] : null }));
  const first = found.find((reason) => reason.witness);
  const people = peopleOf(row);
  const seen = seenOf(row);
  const before = {
    id: ids[row],
    check: checkOf(row),
    status: statusOf(row),
    severity: severityOf(row),
    resource: {
      uid: resource.uid,
      kind: resource.kind,
      type: resource.type,
      name: resource.name,
      provider: resource.provider,
      account: resource.account,
      region: resource.region,
      within: resource.within.map(container),
      tags: more.tags && Object.fromEntries(more.tags),
      placed: resource.placed,
      ...(more.written ? { written: more.written } : {}),
    },
    reasons: found,
    witness: more.first ? more.first[0] : first ? first.witness : null,
    unread: gapsOf(row).map((gap, number) => ({
      fact: gap.fact,
      call: gap.call,
      needs: gap.needs,
      why: gap.why,
      detail: more.details[number],
    })),
    needs: tables.texts[listed.needs[row]],
    responsibility: { ...attributionOf(row), ...people },
  };
  const after = {
    mitigated_by: tables.texts[listed.mitigated[row]],
    ...seen,
    exception: exceptionOf(row),
    lifecycle: facts.over_time ? lifecycleOf(row) : null,
    due_days: dueOf(row).days,
    due: dueOf(row).day,
    notices: tables.texts[listed.notices[row]],
  };
  // The evidence is put in as the text that it is: a number in it may be greater than a script can hold.
  return ascii(`${JSON.stringify(before).slice(0, -1)},"evidence":${more.evidence},${JSON.stringify(after).slice(1)}`);
}
