// A policy from a sentence: the sentence, the server's questions, the proposal as a diff, and only then the file.

import * as vscode from 'vscode';
import { isPolicy } from './documents.js';
import type { Proposal, Question } from './outcomes.js';
import type { Pages } from './pages.js';
import { asUri } from './presenter.js';
import type { Service } from './service.js';

const ROUNDS = 8; // questions upon answers; the server asks far less
const EXAMPLE = 'keep all errors and slow requests over 5 seconds, sample everything else at 1%';

/** Where the proposal goes. `about`: what the server is asked about, a policy or a folder. */
interface Target {
  readonly file: vscode.Uri;
  readonly about: vscode.Uri;
  readonly exists: boolean;
}

export class Proposer {
  constructor(
    private readonly service: Service,
    private readonly pages: Pages,
  ) {}

  async propose(refine: boolean): Promise<void> {
    const target = await this.target(refine);
    if (target === undefined) return;
    const sentence = await vscode.window.showInputBox({
      title: refine ? 'Refine the policy' : 'Propose a policy',
      prompt: refine ? 'What shall change?' : 'What shall be kept, and what sampled?',
      placeHolder: refine ? 'e.g. also keep everything of the checkout service' : `e.g. ${EXAMPLE}`,
      ignoreFocusOut: true,
    });
    if (sentence === undefined || sentence.trim() === '') return;
    const proposal = await this.converse(target, sentence, refine);
    if (proposal === undefined) return;
    await this.settle(await this.told(target, proposal), proposal);
  }

  private async target(refine: boolean): Promise<Target | undefined> {
    const active = vscode.window.activeTextEditor?.document;
    if (active !== undefined && isPolicy(active) && active.uri.scheme === 'file') {
      return { file: active.uri, about: active.uri, exists: true };
    }
    if (refine) {
      void vscode.window.showInformationMessage('Open the policy (a `.toon` file) that shall change.');
      return undefined;
    }
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    if (folder === undefined) {
      void vscode.window.showInformationMessage('Open a folder first: the policy is written into it as `policy.toon`.');
      return undefined;
    }
    const file = vscode.Uri.joinPath(folder, 'policy.toon');
    return { file, about: folder, exists: await exists(file) };
  }

  /** The server knows best which file a folder's policy is. */
  private async told(target: Target, proposal: Proposal): Promise<Target> {
    if (proposal.path === null || proposal.path === target.file.fsPath) return target;
    const file = asUri(proposal.path);
    return { ...target, file, exists: await exists(file) };
  }

  /** Ask until the server has no more questions. Undefined: given up, by one of both. */
  private async converse(target: Target, sentence: string, refine: boolean): Promise<Proposal | undefined> {
    const answers: Record<string, string> = {};
    for (let round = 0; round < ROUNDS; round++) {
      const proposal = await this.ask(target, sentence, refine, answers);
      if (proposal === undefined) return undefined;
      if (proposal.state !== 'asks') return proposal;
      for (const question of proposal.questions) {
        const answer = await pick(question);
        if (answer === undefined) return undefined;
        answers[question.id] = answer;
      }
    }
    return undefined;
  }

  private async ask(
    target: Target,
    sentence: string,
    refine: boolean,
    answers: Readonly<Record<string, string>>,
  ): Promise<Proposal | undefined> {
    const title = refine ? 'Nectarc refines the policy and proves it' : 'Nectarc proposes a policy and proves it';
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    const args = [target.about.toString(), sentence, { refine, answers, write: false }];
    try {
      return await vscode.window.withProgress(options, async (_progress, token) => {
        const answer = await this.service.ask('nectarc.server.propose', args, token);
        if (answer === undefined && this.service.running !== undefined) {
          void vscode.window.showErrorMessage('Nectarc could not answer; `Nectarc: Show Output` says why.');
        }
        return token.isCancellationRequested ? undefined : answer;
      });
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      if (!/cancel/i.test(what)) void vscode.window.showErrorMessage(`Nectarc could not answer: ${what}`);
      return undefined;
    }
  }

  private async settle(target: Target, proposal: Proposal): Promise<void> {
    if (proposal.state !== 'proposed' || proposal.text === null) {
      const report = 'Show Details';
      const chosen = await vscode.window.showWarningMessage(plain(proposal.message) || proposal.verdict, report);
      if (chosen === report) await this.pages.showMarkdown('Proposal', proposal.message);
      return;
    }
    const name = target.file.path.split('/').at(-1) ?? 'policy.toon';
    const old = target.exists ? target.file : this.pages.put(`none/${name}`, '');
    const now = this.pages.put(`proposed/${name}`, proposal.text);
    await vscode.commands.executeCommand('vscode.diff', old, now, `${name}: as it is, and as proposed`);
    const write = `$(check) Write ${name}`;
    const details = '$(info) Show what is proven';
    for (;;) {
      const chosen = await vscode.window.showQuickPick([write, details, '$(discard) Discard'], {
        title: plain(proposal.verdict),
        placeHolder: target.exists ? 'The change is shown below; undo works after writing' : 'The policy is shown below',
        ignoreFocusOut: true,
      });
      if (chosen === details) {
        await this.pages.showMarkdown('Proposal', proposal.message);
        continue;
      }
      await closeDiff(now);
      if (chosen === write) await put(target, proposal.text);
      return;
    }
  }
}

async function pick(question: Question): Promise<string | undefined> {
  const title = plain(question.question);
  if (question.choices.length === 0) return vscode.window.showInputBox({ title, ignoreFocusOut: true });
  const items = question.choices.map((one) => ({ label: one.answer, detail: one.meaning }));
  const options = { title, placeHolder: 'Nectarc asks: which one is meant?', ignoreFocusOut: true, matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.label;
}

/** Write it as an edit, so that undo takes it back. */
async function put(target: Target, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  if (target.exists) {
    const document = await vscode.workspace.openTextDocument(target.file);
    edit.replace(target.file, new vscode.Range(new vscode.Position(0, 0), document.positionAt(document.getText().length)), text);
  } else {
    edit.createFile(target.file, { contents: new TextEncoder().encode(text) });
  }
  if (!(await vscode.workspace.applyEdit(edit))) {
    void vscode.window.showErrorMessage(`\`${target.file.fsPath}\` could not be written.`);
    return;
  }
  const document = await vscode.workspace.openTextDocument(target.file);
  await document.save();
  await vscode.window.showTextDocument(document);
}

async function closeDiff(proposed: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const shown = tabs.filter(
    (tab) => tab.input instanceof vscode.TabInputTextDiff && tab.input.modified.toString() === proposed.toString(),
  );
  await vscode.window.tabGroups.close(shown);
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}

/** Markdown as a title can show it: its first paragraph without marks. */
function plain(markdown: string): string {
  return (markdown.trim().split(/\n\s*\n/)[0] ?? '').replaceAll(/\*\*|^#+\s*/gm, '').replaceAll('\n', ' ');
}
