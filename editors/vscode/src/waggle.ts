// The waggle report in a panel: the page that `nectarc explain` writes, without scripts and without a network.

import * as vscode from 'vscode';
import { secured } from './secured.js';

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
