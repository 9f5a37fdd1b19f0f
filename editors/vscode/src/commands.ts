// The commands of the palette.

import * as vscode from 'vscode';
import { chosenPolicy, isPolicy } from './documents.js';
import type { Presenter } from './presenter.js';
import type { Projects } from './project.js';
import type { Proposer } from './propose.js';
import type { Service } from './service.js';
import type { PolicyTests } from './tests.js';

interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly service: Service;
  readonly presenter: Presenter;
  readonly projects: Projects;
  readonly proposer: Proposer;
  readonly tests: PolicyTests;
}

export function registerCommands(parts: Parts): vscode.Disposable {
  const { service, presenter, projects, proposer, tests } = parts;
  const all: Record<string, (given?: unknown) => unknown> = {
    'nectarc.newProject': () => projects.create(),
    'nectarc.propose': () => proposer.propose(false),
    'nectarc.refine': () => proposer.propose(true),
    'nectarc.prove': (given) =>
      onPolicy(given, (policy) => presenter.run('nectarc.server.prove', [policy.toString()], 'proving')),
    'nectarc.runTests': (given) => onPolicy(given, (policy) => runTests(service, tests, policy)),
    'nectarc.compile': (given) =>
      onPolicy(given, (policy) => presenter.run('nectarc.server.compile', [policy.toString()], 'compiling')),
    'nectarc.showRules': (given) =>
      onPolicy(given, async (policy) => {
        const rule = await ruleAtCursor(policy);
        await presenter.run('nectarc.server.showRules', [policy.toString(), rule], 'compiling');
      }),
    'nectarc.showWaggle': (given) =>
      onPolicy(given, (policy) => presenter.run('nectarc.server.showWaggle', [policy.toString()], 'making the report')),
    'nectarc.showCounterexample': (given) => onPolicy(given, (policy) => showCounterexample(service, presenter, policy)),
    'nectarc.importRules': (given) => projects.importRules(given),
    'nectarc.restartServer': () => restart(service),
    'nectarc.showOutput': () => service.output.show(),
    'nectarc.howToInstall': () => howToInstall(parts.context),
  };
  return vscode.Disposable.from(
    ...Object.entries(all).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}

/** Do it to the policy given (from a menu) or in front of the user, saved or not. */
async function onPolicy(given: unknown, act: (policy: vscode.Uri) => unknown): Promise<void> {
  const uri = given instanceof vscode.Uri ? given : (await chosenPolicy())?.uri;
  if (uri === undefined) return;
  // The server answers for documents that it knows.
  await vscode.workspace.openTextDocument(uri);
  await act(uri);
}

async function runTests(service: Service, tests: PolicyTests, policy: vscode.Uri): Promise<void> {
  if ((await service.ensure()) === undefined) {
    service.explain();
    return;
  }
  if (!(await tests.runNamed(policy, null))) {
    void vscode.window.showInformationMessage('This policy has no tests: the snippet `tests` writes the first.');
  }
}

async function showCounterexample(service: Service, presenter: Presenter, policy: vscode.Uri): Promise<void> {
  const options = { location: vscode.ProgressLocation.Window, title: 'proving' };
  const proof = await vscode.window.withProgress(options, () => service.ask('nectarc.server.prove', [policy.toString()]));
  if (proof === undefined) return;
  const refuted = proof.checks.filter((one) => one.counterexample !== null);
  if (refuted.length === 0) {
    void vscode.window.showInformationMessage(`There is no counterexample: ${proof.headline}`);
    return;
  }
  const items = refuted.map((one) => ({ label: one.claim, detail: one.reason, check: one.name }));
  const chosen =
    items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title: 'A trace that shows that this is not so' });
  if (chosen === undefined) return;
  await presenter.run('nectarc.server.showCounterexample', [policy.toString(), chosen.check], 'looking for the trace');
}

/** The name of the rule that the cursor stands in; the outline knows. */
async function ruleAtCursor(policy: vscode.Uri): Promise<string | null> {
  const editor = vscode.window.visibleTextEditors.find((one) => one.document.uri.toString() === policy.toString());
  if (editor === undefined || !isPolicy(editor.document)) return null;
  const symbols =
    (await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>('vscode.executeDocumentSymbolProvider', policy)) ?? [];
  const at = editor.selection.active;
  const section = sectionOf(symbols, 'rules');
  return section?.children.find((one) => one.range.start.line <= at.line && at.line <= one.range.end.line)?.name ?? null;
}

function sectionOf(symbols: readonly vscode.DocumentSymbol[], name: string): vscode.DocumentSymbol | undefined {
  for (const one of symbols) {
    const found = one.name === name ? one : sectionOf(one.children, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function restart(service: Service): Promise<void> {
  const options = { location: vscode.ProgressLocation.Window, title: 'restarting the Nectarc server' };
  await vscode.window.withProgress(options, () => service.restart());
  if (service.running === undefined) service.explain();
}

async function howToInstall(context: vscode.ExtensionContext): Promise<void> {
  const page = vscode.Uri.joinPath(context.extensionUri, 'walkthrough', 'install.md');
  await vscode.commands.executeCommand('markdown.showPreview', page);
}
