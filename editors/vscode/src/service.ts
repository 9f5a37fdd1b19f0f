// The connection to the language server: found, started once it is needed, stopped, started again.

import { type ChildProcess, spawn } from 'node:child_process';
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  RevealOutputChannelOn,
  State,
} from 'vscode-languageclient/node';
import { SELECTOR } from './documents.js';
import type { Outcomes, ServerCommand } from './outcomes.js';
import { advice, refusalLine } from './server/advice.js';
import { findServer } from './server/find.js';
import type { Server } from './server/probe.js';

/** `idle`: nobody has needed it yet. */
export type ServiceState = 'idle' | 'untrusted' | 'starting' | 'running' | 'missing' | 'stopped';

export class Service implements vscode.Disposable {
  readonly output = vscode.window.createOutputChannel('Nectarc', { log: true });
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  state: ServiceState = vscode.workspace.isTrusted ? 'idle' : 'untrusted';
  /** What to do about it, where there is no server. */
  advice = '';
  server: Server | undefined;
  /** The last line that the server wrote on stderr: why it ended, if it did. */
  private lastWords = '';
  private client: LanguageClient | undefined;
  private starting: Promise<LanguageClient | undefined> | undefined;

  constructor(
    private readonly middleware: Middleware,
    private readonly started: (client: LanguageClient) => void,
  ) {}

  /** The running client, started if need be; undefined where that cannot be: `explain` says why. */
  ensure(): Promise<LanguageClient | undefined> {
    if (!vscode.workspace.isTrusted) {
      this.enter('untrusted');
      return Promise.resolve(undefined);
    }
    this.starting ??= this.start();
    return this.starting;
  }

  /** The client if it runs already. */
  get running(): LanguageClient | undefined {
    return this.state === 'running' ? this.client : undefined;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.ensure();
  }

  async stop(): Promise<void> {
    const starting = this.starting;
    await starting?.catch(() => undefined);
    const client = this.client;
    this.client = undefined;
    this.starting = undefined;
    this.enter('stopped');
    if (client === undefined) return;
    try {
      await client.dispose();
    } catch (error) {
      this.output.warn(`the server did not stop in order: ${String(error)}`);
    }
  }

  /** Ask for one of the server's commands. Undefined: there is no server, or it has no answer. */
  async ask<C extends ServerCommand>(
    command: C,
    args: readonly unknown[],
    token?: vscode.CancellationToken,
  ): Promise<Outcomes[C] | undefined> {
    const client = await this.ensure();
    if (client === undefined) {
      this.explain();
      return undefined;
    }
    const params = { command, arguments: [...args] };
    const answer: unknown = await client.sendRequest(ExecuteCommandRequest.type, params, token);
    return (answer ?? undefined) as Outcomes[C] | undefined;
  }

  /** Tell the user why there is no server. */
  explain(): void {
    if (this.state === 'untrusted') void tellUntrusted();
    else if (this.state === 'missing') this.tellMissing();
  }

  private async start(): Promise<LanguageClient | undefined> {
    this.enter('starting');
    try {
      const { server, refusals } = await findServer((line) => this.output.info(line));
      for (const refusal of refusals) this.output.info(refusalLine(refusal));
      if (server === undefined) {
        this.advice = advice(refusals);
        this.output.error(this.advice);
        this.enter('missing');
        return undefined;
      }
      this.server = server;
      this.client = this.makeClient(server);
      await this.client.start();
      this.started(this.client);
      this.enter('running');
      return this.client;
    } catch (error) {
      const why = this.lastWords || (error instanceof Error ? error.message : String(error));
      this.advice = `The language server did not start: ${why}`;
      this.output.error(this.advice);
      this.enter('missing');
      return undefined;
    }
  }

  private makeClient(server: Server): LanguageClient {
    const folder = vscode.workspace.workspaceFolders?.find((one) => one.uri.scheme === 'file');
    const env = { ...process.env, PYTHONUNBUFFERED: '1', PYTHONUTF8: '1' };
    const options = folder === undefined ? { env } : { cwd: folder.uri.fsPath, env };
    const begin = (): Promise<ChildProcess> => {
      const child = spawn(server.command, [...server.args], { ...options, windowsHide: true });
      this.lastWords = '';
      child.stderr.on('data', (said: Buffer) => {
        this.lastWords = said.toString('utf8').trim().split('\n').at(-1) ?? '';
      });
      return Promise.resolve(child);
    };
    const client = new LanguageClient('nectarc', 'Nectarc', begin, this.clientOptions());
    client.onDidChangeState((event) => {
      if (client !== this.client) return;
      if (event.newState === State.Running) this.enter('running');
      else if (event.newState === State.Starting) this.enter('starting');
      else this.enter('stopped');
    });
    return client;
  }

  private clientOptions(): LanguageClientOptions {
    const restarts: number[] = [];
    return {
      documentSelector: SELECTOR,
      outputChannel: this.output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: { presents: true },
      markdown: { isTrusted: false, supportHtml: false },
      middleware: this.middleware,
      synchronize: { configurationSection: 'nectarc' },
      errorHandler: {
        error: (_error, _message, count) => ({
          action: (count ?? 0) <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown,
        }),
        closed: () => {
          const now = Date.now();
          restarts.push(now);
          if (restarts.filter((one) => now - one < 180_000).length <= 4) return { action: CloseAction.Restart };
          return {
            action: CloseAction.DoNotRestart,
            message: 'The Nectarc server ended five times within three minutes. It stays stopped until `Nectarc: Restart Server`.',
          };
        },
      },
    };
  }

  private enter(state: ServiceState): void {
    this.state = state;
    this.changed.fire();
  }

  private tellMissing(): void {
    const buttons = ['How to Install', 'Open Settings', 'Show Output'] as const;
    void vscode.window.showErrorMessage(this.advice, ...buttons).then((chosen) => {
      if (chosen === 'How to Install') void vscode.commands.executeCommand('nectarc.howToInstall');
      if (chosen === 'Open Settings') {
        void vscode.commands.executeCommand('workbench.action.openSettings', '@ext:nectarc.nectarc interpreter');
      }
      if (chosen === 'Show Output') this.output.show();
    });
  }

  dispose(): void {
    void this.stop();
    this.changed.dispose();
    this.output.dispose();
  }
}

async function tellUntrusted(): Promise<void> {
  const manage = 'Manage Workspace Trust';
  const chosen = await vscode.window.showInformationMessage(
    'Nectarc starts its server in a trusted workspace only, because a workspace may name the program to start.',
    manage,
  );
  if (chosen === manage) void vscode.commands.executeCommand('workbench.trust.manage');
}
