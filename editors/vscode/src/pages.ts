// Texts that are shown but are no files: reports, counterexamples, proposals, rules beside a policy.

import * as vscode from 'vscode';

const SCHEME = 'nectarc-page';
const KEPT = 50; // pages whose text is kept

export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** A page of that name (its tab shows it; its ending gives it colours); the old text of the name is replaced. */
  put(name: string, text: string, key = ''): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}`, query: key });
    const id = uri.toString();
    const old = this.texts.get(id);
    this.texts.delete(id);
    this.texts.set(id, text);
    for (const one of [...this.texts.keys()].slice(0, -KEPT)) this.texts.delete(one);
    if (old !== undefined && old !== text) this.changed.fire(uri);
    return uri;
  }

  /** Show Markdown as a reader wants it. */
  async showMarkdown(name: string, text: string): Promise<void> {
    const uri = this.put(`${name.replaceAll(/[\\/?#]/g, ' ')}.md`, text);
    try {
      await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
    } catch {
      // VS Code without its Markdown extension: the text itself.
      const options = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      await vscode.window.showTextDocument(uri, options);
    }
  }

  dispose(): void {
    this.registered.dispose();
    this.changed.dispose();
  }
}
