// The status bar: what is proven of the policy in front of the user, and how the server is.

import * as vscode from 'vscode';
import { isPolicy } from './documents.js';
import type { ProofState } from './outcomes.js';
import { shown } from './server/version.js';
import type { Service, ServiceState } from './service.js';

const LOOKS: Record<Exclude<ProofState['state'], 'none'>, { icon: string; text: string; color?: string }> = {
  checking: { icon: 'sync~spin', text: 'checking' },
  proving: { icon: 'sync~spin', text: 'proving' },
  proved: { icon: 'pass', text: 'proved' },
  refuted: { icon: 'error', text: 'refuted', color: 'statusBarItem.errorBackground' },
  unknown: { icon: 'question', text: 'not proven', color: 'statusBarItem.warningBackground' },
  errors: { icon: 'warning', text: 'errors', color: 'statusBarItem.warningBackground' },
};

export class ProofStatus implements vscode.Disposable {
  private readonly states = new Map<string, ProofState>();
  private readonly item = vscode.window.createStatusBarItem('nectarc.proof', vscode.StatusBarAlignment.Left, 10);
  private readonly heard: vscode.Disposable;

  constructor() {
    this.item.name = 'Nectarc: Proof State';
    this.item.command = 'nectarc.prove';
    this.heard = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor(() => this.draw()),
      vscode.workspace.onDidCloseTextDocument((document) => this.states.delete(document.uri.toString())),
    );
  }

  take(state: ProofState): void {
    this.states.set(vscode.Uri.parse(state.uri).toString(), state);
    this.draw();
  }

  /** The server is gone: what it said holds no longer. */
  forget(): void {
    this.states.clear();
    this.draw();
  }

  private draw(): void {
    const document = vscode.window.activeTextEditor?.document;
    const state = document && isPolicy(document) ? this.states.get(document.uri.toString()) : undefined;
    void vscode.commands.executeCommand('setContext', 'nectarc.policy', state !== undefined && state.state !== 'none');
    if (state === undefined || state.state === 'none') {
      this.item.hide();
      return;
    }
    const look = LOOKS[state.state];
    this.item.text = `$(${look.icon}) ${look.text}`;
    this.item.backgroundColor = look.color === undefined ? undefined : new vscode.ThemeColor(look.color);
    const tooltip = new vscode.MarkdownString(`**${state.headline}**\n\n${state.detail}\n\nClick to prove it again.`);
    tooltip.supportThemeIcons = true;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: `Nectarc: ${state.headline}`, role: 'button' };
    this.item.show();
  }

  dispose(): void {
    this.heard.dispose();
    this.item.dispose();
  }
}

/** How the server is: in the language status, with what to do about it. */
export class ServerStatus implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem('nectarc.server', [
    { language: 'toon' },
    { pattern: '**/nectar.toml' },
  ]);

  constructor(private readonly service: Service) {
    this.item.name = 'Nectarc Server';
    this.draw();
    service.onDidChange(() => this.draw());
  }

  private draw(): void {
    const { service } = this;
    const texts: Record<ServiceState, string> = {
      idle: 'Nectarc: not needed yet',
      untrusted: 'Nectarc: restricted, since the workspace is not trusted',
      starting: 'Nectarc: starting',
      running: `Nectarc ${service.server === undefined ? '' : shown(service.server.version)}`,
      missing: 'Nectarc: not found',
      stopped: 'Nectarc: stopped',
    };
    this.item.text = texts[service.state];
    this.item.detail =
      service.state === 'running' ? (service.server?.command ?? '') : service.state === 'missing' ? service.advice : '';
    this.item.busy = service.state === 'starting';
    this.item.severity = ['missing', 'untrusted', 'stopped'].includes(service.state)
      ? vscode.LanguageStatusSeverity.Warning
      : vscode.LanguageStatusSeverity.Information;
    this.item.command =
      service.state === 'untrusted'
        ? { title: 'Manage Trust', command: 'workbench.trust.manage' }
        : service.state === 'missing'
          ? { title: 'How to Install', command: 'nectarc.howToInstall' }
          : { title: 'Restart', command: 'nectarc.restartServer' };
  }

  dispose(): void {
    this.item.dispose();
  }
}
