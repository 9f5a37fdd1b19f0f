// The Refinery rules beside a policy: kept up to date while they are on the screen.

import * as vscode from 'vscode';
import { isPolicy } from './documents.js';
import type { Rules } from './outcomes.js';
import type { Pages } from './pages.js';
import type { Service } from './service.js';

const PAUSE = 400; // milliseconds after the last key

export class RulesBeside implements vscode.Disposable {
  private readonly pages = new Map<string, vscode.Uri>(); // policy -> page
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly heard: vscode.Disposable;

  constructor(
    private readonly service: Service,
    private readonly texts: Pages,
  ) {
    this.heard = vscode.workspace.onDidChangeTextDocument((event) => {
      if (isPolicy(event.document) && event.contentChanges.length > 0) this.later(event.document.uri);
    });
  }

  async show(policy: vscode.Uri, rules: Rules): Promise<void> {
    const page = this.put(policy, rules);
    const editor = await vscode.window.showTextDocument(page, {
      viewColumn: this.columnOf(page) ?? vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
    const at = new vscode.Position(Math.max(0, rules.line), 0);
    editor.selection = new vscode.Selection(at, at);
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  private put(policy: vscode.Uri, rules: Rules): vscode.Uri {
    const name = (policy.path.split('/').at(-1) ?? 'policy').replace(/\.toon$/, '');
    const note = rules.message === '' ? '' : rules.message.split('\n').map((one) => `# ${one}\n`).join('');
    const shown = rules.text === '' ? note : rules.text;
    const page = this.texts.put(`${name}.rules.${rules.language === 'json' ? 'json' : 'yaml'}`, shown, policy.toString());
    this.pages.set(policy.toString(), page);
    return page;
  }

  private columnOf(page: vscode.Uri): vscode.ViewColumn | undefined {
    const open = vscode.window.visibleTextEditors.find((one) => one.document.uri.toString() === page.toString());
    return open?.viewColumn;
  }

  private later(policy: vscode.Uri): void {
    const key = policy.toString();
    const page = this.pages.get(key);
    if (page === undefined || this.columnOf(page) === undefined) return;
    clearTimeout(this.waiting.get(key));
    this.waiting.set(
      key,
      setTimeout(() => {
        this.waiting.delete(key);
        void this.refresh(policy);
      }, PAUSE),
    );
  }

  private async refresh(policy: vscode.Uri): Promise<void> {
    if (this.service.running === undefined) return;
    const rules = await this.service.ask('nectarc.server.showRules', [policy.toString(), null]);
    if (rules !== undefined) this.put(policy, rules);
  }

  dispose(): void {
    this.heard.dispose();
    for (const one of this.waiting.values()) clearTimeout(one);
  }
}
