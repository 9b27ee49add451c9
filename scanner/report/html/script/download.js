// The findings that are listed, as a file of the native format, made from what this page holds.

const AT_ONCE = 2000;

function downloadButton(rowsNow, say) {
  const button = element("button", { type: "button" }, "Download as JSON lines");
  button.addEventListener("click", async () => {
    button.disabled = true;
    const rows = [...rowsNow()].sort((a, b) => a - b);
    const written = [];
    for (let from = 0; from < rows.length; from += AT_ONCE) {
      for (const row of rows.slice(from, from + AT_ONCE)) {
        if (!unpacked(row) && !(await unpack(row))) {
          say(PACKED);
          return;
        }
        written.push(`${lineOf(row)}\n`);
      }
      say(`${many(Math.min(from + AT_ONCE, rows.length))} of ${many(rows.length)} written`);
      // Lets the browser breathe between two parts.
      await new Promise((done) => { setTimeout(done); });
    }
    written.push(`${ascii(JSON.stringify({ run: facts.run }))}\n`);
    const url = URL.createObjectURL(new Blob(written, { type: "application/x-ndjson" }));
    const link = element("a", { download: "findings.ndjson" });
    link.href = url;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    say(counted(rows.length, "finding", "findings"));
    button.disabled = false;
  });
  return button;
}
