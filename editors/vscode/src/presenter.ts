// Shows what the server's commands return: the same from a code lens as from the palette.

import * as vscode from 'vscode';
import type {
  Compiled,
  Counterexample,
  Outcomes,
  Proof,
  Rules,
  ServerCommand,
  TestRun,
  Waggle,
  Written,
} from './outcomes.js';
import type { Pages } from './pages.js';
import type { RulesBeside } from './rules.js';
import type { Service } from './service.js';
import type { WagglePanels } from './waggle.js';

/** Commands that answer nothing: what they do is in the text. */
const SILENT = new Set(['nectarc.server.applyFixAll', 'nectarc.server.suggestionAccepted']);

export class Presenter {
  constructor(
    private readonly service: Service,
    private readonly pages: Pages,
    private readonly rules: RulesBeside,
    private readonly waggle: WagglePanels,
  ) {}

  /** Ask the server, with progress in the status bar, and show its answer. */
  async run<C extends ServerCommand>(command: C, args: readonly unknown[], title: string): Promise<Outcomes[C] | undefined> {
    const options = { location: vscode.ProgressLocation.Window, title };
    try {
      const answer = await vscode.window.withProgress(options, () => this.service.ask(command, args));
      await this.show(command, args, answer);
      return answer;
    } catch (error) {
      this.tellFailure(command, error);
      return undefined;
    }
  }

  /** Show an answer that came by itself: from a code lens or a quick fix. */
  async show(command: string, args: readonly unknown[], answer: unknown): Promise<void> {
    if (answer === undefined || answer === null) {
      if (this.service.running !== undefined && !SILENT.has(command)) this.tellFailure(command, undefined);
      return;
    }
    const policy = vscode.Uri.parse(String(args[0] ?? ''));
    switch (command as ServerCommand) {
      case 'nectarc.server.prove':
        return this.proof(policy, answer as Proof);
      case 'nectarc.server.runTests':
        return this.tests(answer as TestRun);
      case 'nectarc.server.compile':
        return this.compiled(answer as Compiled);
      case 'nectarc.server.showRules':
        return this.showRules(policy, answer as Rules);
      case 'nectarc.server.showWaggle':
        return this.waggle.show(policy, (answer as Waggle).html);
      case 'nectarc.server.showCounterexample':
        return this.counterexample(answer as Counterexample);
      case 'nectarc.server.newProject':
      case 'nectarc.server.importRules':
        return this.written(answer as Written);
      default:
        return undefined;
    }
  }

  private proof(policy: vscode.Uri, proof: Proof): void {
    const report = 'Show Report';
    const example = 'Show Counterexample';
    const refuted = proof.checks.find((one) => one.counterexample !== null);
    const tell = { proved: vscode.window.showInformationMessage, unknown: vscode.window.showWarningMessage }[
      proof.state as string
    ] ?? vscode.window.showErrorMessage;
    const buttons = refuted === undefined ? [report] : [example, report];
    void tell(proof.headline, ...buttons).then(async (chosen) => {
      if (chosen === report) await this.pages.showMarkdown(`Proof of ${nameOf(policy)}`, proof.text);
      if (chosen === example && refuted !== undefined) {
        await this.run('nectarc.server.showCounterexample', [policy.toString(), refuted.name], 'looking for the trace');
      }
    });
  }

  private tests(run: TestRun): void {
    const failed = run.tests.filter((one) => one.outcome !== 'passed');
    if (run.tests.length === 0) void vscode.window.showInformationMessage('This policy has no tests.');
    else if (failed.length === 0) {
      void vscode.window.showInformationMessage(`All ${run.tests.length} tests of the policy pass.`);
    } else {
      const [first] = failed;
      void vscode.window.showErrorMessage(`${failed.length} of ${run.tests.length} tests fail; \`${first?.name}\`: ${first?.message}`);
    }
  }

  private compiled(done: Compiled): void {
    if (done.written.length === 0) {
      const problems = 'Show Problems';
      const what = firstLine(done.text) || 'Nothing was compiled.';
      void vscode.window.showErrorMessage(what, problems).then((chosen) => {
        if (chosen === problems) void vscode.commands.executeCommand('workbench.actions.view.problems');
      });
      return;
    }
    const names = done.written.map((one) => vscode.workspace.asRelativePath(asUri(one)));
    const open = `Open ${names[0]}`;
    const what = firstLine(done.text) || `Wrote ${names.join(' and ')}.`;
    void vscode.window.showInformationMessage(what, open).then((chosen) => {
      if (chosen === open) void vscode.window.showTextDocument(asUri(done.written[0] ?? ''));
    });
  }

  private async showRules(policy: vscode.Uri, rules: Rules): Promise<void> {
    if (rules.text === '') {
      void vscode.window.showWarningMessage(rules.message);
      return;
    }
    await this.rules.show(policy, rules);
    if (!rules.proven && rules.message !== '') void vscode.window.showWarningMessage(rules.message);
  }

  private async counterexample(shown: Counterexample): Promise<void> {
    if (shown.language === 'markdown') {
      await this.pages.showMarkdown(shown.title, shown.text);
      return;
    }
    const options = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    await vscode.window.showTextDocument(this.pages.put(shown.title, shown.text), options);
  }

  private async written(done: Written): Promise<void> {
    if (done.files.length === 0) {
      void vscode.window.showErrorMessage(inOneLine(done.message ?? '') || 'Nothing was written.');
      return;
    }
    if (done.open) await vscode.window.showTextDocument(asUri(done.open));
    if (done.message) void vscode.window.showInformationMessage(inOneLine(done.message));
  }

  private tellFailure(command: string, error: unknown): void {
    if (error instanceof vscode.CancellationError) return;
    const what = error instanceof Error ? `: ${error.message}` : '';
    this.service.output.error(`${command} failed${what}`);
    void vscode.window.showErrorMessage(`Nectarc could not do that${what}.`, 'Show Output').then((chosen) => {
      if (chosen !== undefined) this.service.output.show();
    });
  }
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.split('/').at(-1) ?? uri.path;
}

/** The server names files by path or by URI. */
export function asUri(file: string): vscode.Uri {
  return /^[a-z][a-z0-9+.-]+:/i.test(file) ? vscode.Uri.parse(file) : vscode.Uri.file(file);
}

/** A Markdown text as one line, for a message. */
function inOneLine(text: string): string {
  return text.trim().replaceAll(/\*\*|^#+\s*/gm, '').replaceAll(/\s*\n\s*/g, ' ');
}

/** The first line of a Markdown text, for a message: messages show no Markdown. */
function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').replaceAll(/\*\*|^#+\s*/g, '');
}
