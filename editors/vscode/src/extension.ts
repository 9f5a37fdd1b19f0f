// The extension's parts, and when the server starts: with the first document that needs it, or a command.

import * as vscode from 'vscode';
import type { LanguageClient, Middleware } from 'vscode-languageclient/node';
import { registerCommands } from './commands.js';
import { isRulesFile, wantsServer } from './documents.js';
import type { ProofState, SuggestionState } from './outcomes.js';
import { inOrder } from './order.js';
import { Pages } from './pages.js';
import { Presenter } from './presenter.js';
import { Projects } from './project.js';
import { Proposer } from './propose.js';
import { RulesBeside } from './rules.js';
import { watchPython } from './server/find.js';
import { Service } from './service.js';
import { ProofStatus, ServerStatus } from './status.js';
import { SuggestionMark } from './suggestions.js';
import { Tasks } from './tasks.js';
import { PolicyTests } from './tests.js';
import { WagglePanels } from './waggle.js';

let service: Service | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const proofs = new ProofStatus();
  const mark = new SuggestionMark();
  const middleware: Middleware = {
    ...inOrder(),
    executeCommand: async (command, args, next) => {
      if (command === 'nectarc.server.runTests' && (await runInExplorer(args))) return undefined;
      const answer: unknown = await next(command, args);
      await presenter.show(command, args, answer);
      return answer;
    },
  };
  const started = (client: LanguageClient): void => {
    context.subscriptions.push(
      client.onNotification('nectarc/proofState', (state: ProofState) => proofs.take(state)),
      client.onNotification('nectarc/suggestionState', (state: SuggestionState) => mark.take(state)),
    );
  };
  const made = new Service(middleware, started);
  service = made;
  const pages = new Pages();
  const waggle = new WagglePanels();
  const rules = new RulesBeside(made, pages);
  const presenter = new Presenter(made, pages, rules, waggle);
  const tests = new PolicyTests(made);
  const runInExplorer = async (args: readonly unknown[]): Promise<boolean> => {
    const names = Array.isArray(args[1]) ? args[1].map(String) : null;
    return tests.runNamed(vscode.Uri.parse(String(args[0])), names);
  };
  const proposer = new Proposer(made, pages);
  const projects = new Projects(presenter);
  context.subscriptions.push(
    proofs,
    mark,
    pages,
    waggle,
    rules,
    tests,
    new ServerStatus(made),
    new Tasks(made),
    registerCommands({ context, service: made, presenter, projects, proposer, tests }),
    made.onDidChange(() => {
      if (made.state === 'running') void tests.refreshOpen();
      else proofs.forget();
    }),
    watchesRules(),
    ...startsWhenNeeded(made),
    ...restartsWhenChanged(made),
  );
}

export async function deactivate(): Promise<void> {
  await service?.stop();
}

function startsWhenNeeded(made: Service): vscode.Disposable[] {
  const look = async (document: vscode.TextDocument): Promise<void> => {
    if (!['idle', 'untrusted'].includes(made.state) || !vscode.workspace.isTrusted || !wantsServer(document)) return;
    if ((await made.ensure()) === undefined) made.explain();
  };
  const lookAtAll = (): void => {
    for (const document of vscode.workspace.textDocuments) void look(document);
  };
  lookAtAll();
  return [
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument((event) => look(event.document)),
    vscode.workspace.onDidGrantWorkspaceTrust(lookAtAll),
  ];
}

function restartsWhenChanged(made: Service): vscode.Disposable[] {
  const again = async (): Promise<void> => {
    if (made.state === 'idle' || made.state === 'untrusted') return;
    await made.restart();
    if (made.running === undefined) made.explain();
  };
  const watched: vscode.Disposable[] = [
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('nectarc.server.command') || event.affectsConfiguration('nectarc.interpreter')) void again();
    }),
  ];
  // The Python extension is asked only once a server is wanted: other people's Python files are none of our business.
  let python: Promise<vscode.Disposable | undefined> | undefined;
  const first = made.onDidChange(() => {
    if (made.state !== 'starting') return;
    first.dispose();
    python = watchPython(() => {
      // Where the user named the server, another interpreter changes nothing.
      const settings = vscode.workspace.getConfiguration('nectarc');
      if (settings.get<string[]>('server.command', []).length === 0 && settings.get('interpreter', '') === '') void again();
    });
  });
  const later = new vscode.Disposable(() => void python?.then((one) => one?.dispose()));
  return [...watched, first, later];
}

/** Tells menus whether Refinery rules are in front of the user. */
function watchesRules(): vscode.Disposable {
  const look = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    void vscode.commands.executeCommand('setContext', 'nectarc.rules', document !== undefined && isRulesFile(document));
  };
  look();
  return vscode.window.onDidChangeActiveTextEditor(look);
}
