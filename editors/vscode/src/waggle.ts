// The waggle report in a panel: the page that `nectarc explain` writes, without scripts and without a network.

import * as vscode from 'vscode';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

export class WagglePanels implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  show(policy: vscode.Uri, html: string): void {
    const key = policy.toString();
    const panel = this.panels.get(key) ?? this.open(key, policy);
    panel.webview.html = secured(html);
    panel.reveal(panel.viewColumn ?? vscode.ViewColumn.Beside, true);
  }

  private open(key: string, policy: vscode.Uri): vscode.WebviewPanel {
    const name = policy.path.split('/').at(-1) ?? 'policy';
    const panel = vscode.window.createWebviewPanel(
      'nectarc.waggle',
      `Waggle of ${name}`,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: false, enableForms: false, localResourceRoots: [], enableFindWidget: true },
    );
    panel.onDidDispose(() => this.panels.delete(key));
    this.panels.set(key, panel);
    return panel;
  }

  dispose(): void {
    for (const panel of this.panels.values()) panel.dispose();
  }
}

/** The page with our own policy first: a browser obeys every one that it meets. */
export function secured(html: string): string {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  const head = /<head[^>]*>/i.exec(html);
  if (head === null) return `<!doctype html><html><head>${meta}</head><body>${html}</body></html>`;
  const end = head.index + head[0].length;
  return html.slice(0, end) + meta + html.slice(end);
}
