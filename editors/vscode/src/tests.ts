// The policies' own tests in the test explorer.

import * as vscode from 'vscode';
import { RequestType } from 'vscode-languageclient/node';
import { isPolicy } from './documents.js';
import type { PolicyTest, TestRun } from './outcomes.js';
import type { Service } from './service.js';

const TESTS = new RequestType<{ textDocument: { uri: string } }, PolicyTest[] | null, void>('nectarc/tests');
const PAUSE = 300; // milliseconds after the last key
const FILES_MAX = 500;

export class PolicyTests implements vscode.Disposable {
  private readonly controller = vscode.tests.createTestController('nectarc', 'Nectarc');
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly heard: vscode.Disposable;

  constructor(private readonly service: Service) {
    this.controller.createRunProfile('Run', vscode.TestRunProfileKind.Run, (request, token) => this.run(request, token), true);
    this.controller.resolveHandler = async (item) => {
      if (item === undefined) await this.discover();
    };
    this.controller.refreshHandler = () => this.discover();
    this.heard = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => this.later(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.later(event.document)),
      vscode.workspace.onDidDeleteFiles((event) => {
        for (const uri of event.files) this.controller.items.delete(uri.toString());
      }),
    );
  }

  /** Look at all policies that are open; called when the server has started. */
  async refreshOpen(): Promise<void> {
    await Promise.all(vscode.workspace.textDocuments.filter(isPolicy).map((one) => this.read(one)));
  }

  /** Run tests of one policy, as from a code lens. False: it has none. */
  async runNamed(policy: vscode.Uri, names: readonly string[] | null): Promise<boolean> {
    await this.read(await vscode.workspace.openTextDocument(policy));
    const file = this.controller.items.get(policy.toString());
    if (file === undefined) return false;
    const items = names === null ? [file] : [...file.children].map(([, one]) => one).filter((one) => names.includes(one.label));
    // A folded file would hide what is asked for.
    const [first] = names === null ? [...file.children].map(([, one]) => one) : items;
    await vscode.commands.executeCommand('vscode.revealTestInExplorer', first ?? file);
    await this.run(new vscode.TestRunRequest(items), new vscode.CancellationTokenSource().token);
    return true;
  }

  private async discover(): Promise<void> {
    if ((await this.service.ensure()) === undefined) return;
    const files = await vscode.workspace.findFiles('**/*.toon', '**/{node_modules,.venv,venv}/**', FILES_MAX);
    for (const file of files) await this.read(await vscode.workspace.openTextDocument(file));
  }

  private later(document: vscode.TextDocument): void {
    if (!isPolicy(document) || this.service.running === undefined) return;
    const key = document.uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.set(
      key,
      setTimeout(() => {
        this.waiting.delete(key);
        void this.read(document);
      }, PAUSE),
    );
  }

  private async read(document: vscode.TextDocument): Promise<void> {
    const client = this.service.running;
    if (client === undefined || document.isClosed || !['file', 'untitled'].includes(document.uri.scheme)) return;
    const uri = client.code2ProtocolConverter.asUri(document.uri);
    let found: PolicyTest[];
    try {
      found = (await client.sendRequest(TESTS, { textDocument: { uri } })) ?? [];
    } catch (error) {
      this.service.output.warn(`the tests of ${uri} could not be read: ${String(error)}`);
      return;
    }
    const key = document.uri.toString();
    if (found.length === 0) {
      this.controller.items.delete(key);
      return;
    }
    const file = this.controller.items.get(key) ?? this.addFile(document.uri);
    file.children.replace(
      found.map((test) => {
        const id = `${key}#${test.name}`;
        const item = file.children.get(id) ?? this.controller.createTestItem(id, test.name, document.uri);
        item.range = client.protocol2CodeConverter.asRange(test.range);
        item.description = `expects ${test.expect}`;
        return item;
      }),
    );
  }

  private addFile(uri: vscode.Uri): vscode.TestItem {
    const item = this.controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
    this.controller.items.add(item);
    return item;
  }

  private async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const run = this.controller.createTestRun(request);
    const excluded = new Set(request.exclude ?? []);
    const asked = request.include ?? [...this.controller.items].map(([, one]) => one);
    const perFile = new Map<vscode.TestItem, vscode.TestItem[]>();
    for (const item of asked) {
      const file = item.parent ?? item;
      const tests = item.parent === undefined ? [...item.children].map(([, one]) => one) : [item];
      perFile.set(file, [...(perFile.get(file) ?? []), ...tests.filter((one) => !excluded.has(one))]);
    }
    try {
      for (const [file, tests] of perFile) {
        if (!token.isCancellationRequested) await this.runFile(run, file, tests, token);
      }
    } finally {
      run.end();
    }
  }

  private async runFile(
    run: vscode.TestRun,
    file: vscode.TestItem,
    tests: readonly vscode.TestItem[],
    token: vscode.CancellationToken,
  ): Promise<void> {
    for (const test of tests) run.started(test);
    const names = tests.map((one) => one.label);
    let outcomes: TestRun | undefined;
    try {
      outcomes = await this.service.ask('nectarc.server.runTests', [file.id, names], token);
    } catch (error) {
      this.service.output.warn(`the tests did not run: ${String(error)}`);
    }
    for (const test of tests) {
      const outcome = outcomes?.tests.find((one) => one.name === test.label);
      if (outcome === undefined) {
        run.errored(test, new vscode.TestMessage('the server has no answer: `Nectarc: Show Output` says why'));
        continue;
      }
      run.appendOutput(`${outcome.outcome}: ${outcome.name}${outcome.rule ? ` (rule ${outcome.rule})` : ''}\r\n`, undefined, test);
      if (outcome.outcome === 'passed') {
        run.passed(test, outcome.milliseconds);
        continue;
      }
      const message = new vscode.TestMessage(outcome.message);
      const range = this.service.running?.protocol2CodeConverter.asRange(outcome.range);
      if (test.uri !== undefined && range !== undefined) message.location = new vscode.Location(test.uri, range);
      if (outcome.outcome === 'failed') run.failed(test, message, outcome.milliseconds);
      else run.errored(test, message, outcome.milliseconds);
    }
  }

  dispose(): void {
    this.heard.dispose();
    for (const one of this.waiting.values()) clearTimeout(one);
    this.controller.dispose();
  }
}
