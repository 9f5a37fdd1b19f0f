// Pages of reports in a webview: nothing runs in them, nothing is fetched. Knows no `vscode`: tested on its own.

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

/** The page with our own policy first: a browser obeys every one that it meets. */
export function secured(html: string): string {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  const head = /<head[^>]*>/i.exec(html);
  if (head === null) return `<!doctype html><html><head>${meta}</head><body>${html}</body></html>`;
  const end = head.index + head[0].length;
  return html.slice(0, end) + meta + html.slice(end);
}
