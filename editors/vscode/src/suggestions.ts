// What the prover says of a suggestion, behind the line that it stands at: VS Code itself shows only the ghost text.

import * as vscode from 'vscode';
import type { SuggestionState } from './outcomes.js';

const WIDTH = 90; // characters; the hover has all of them

export class SuggestionMark implements vscode.Disposable {
  private readonly look = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic', margin: '0 0 0 2em' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  private marked: vscode.TextEditor | undefined;
  private readonly heard: vscode.Disposable;

  constructor() {
    this.heard = vscode.Disposable.from(
      this.look,
      vscode.window.onDidChangeTextEditorSelection((event) => this.clear(event.textEditor)),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === this.marked?.document) this.clear(this.marked);
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.clear(this.marked)),
    );
  }

  /** Show it at the cursor, if the text is still the one that it is about. */
  take(state: SuggestionState): void {
    const editor = vscode.window.activeTextEditor;
    this.clear(this.marked);
    if (editor === undefined || editor.document.uri.toString() !== vscode.Uri.parse(state.uri).toString()) return;
    if (editor.document.version !== state.version) return;
    const words = wordsOf(state);
    if (words === undefined) return;
    const { range } = editor.document.lineAt(editor.selection.active.line);
    const plain = words.replaceAll('`', '');
    const contentText = plain.length > WIDTH ? `${plain.slice(0, WIDTH)}\u2026` : plain;
    const hoverMessage = new vscode.MarkdownString(words);
    editor.setDecorations(this.look, [{ range, hoverMessage, renderOptions: { after: { contentText } } }]);
    this.marked = editor;
  }

  private clear(editor: vscode.TextEditor | undefined): void {
    if (editor === undefined || editor !== this.marked) return;
    editor.setDecorations(this.look, []);
    this.marked = undefined;
  }

  dispose(): void {
    this.heard.dispose();
  }
}

function wordsOf(state: SuggestionState): string | undefined {
  switch (state.state) {
    case 'proven':
      return `\u2713 ${state.verdict}`;
    case 'refused':
      return `\u2717 not suggested: ${state.reason}`;
    case 'asks':
      return `? ${state.reason}`;
    case 'none':
      return undefined;
  }
}
