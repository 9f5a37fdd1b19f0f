// Which documents are the server's business.

import * as path from 'node:path';
import * as vscode from 'vscode';
import type { DocumentSelector } from 'vscode-languageclient/node';

/** What the server sees. It stays silent on YAML and JSON that are no Refinery rules, and on other TOON. */
export const SELECTOR: DocumentSelector = [
  { language: 'toon', scheme: 'file' },
  { language: 'toon', scheme: 'untitled' },
  { pattern: '**/nectar.toml', scheme: 'file' },
  { language: 'yaml', scheme: 'file' },
  { language: 'json', scheme: 'file' },
];

const POLICY = /^(?:nectar_policy|rules)\s*[[{:]/m;
const RULES = /^\s*["']?(?:RulesVersion|Samplers)["']?\s*:/m;
const HEAD = 100_000; // characters in which a document shows what it is
const POLICIES_MAX = 50; // more are no list to choose from

export function isPolicy(document: vscode.TextDocument): boolean {
  return document.languageId === 'toon';
}

/** Whether the document is reason enough to start the server, and to say so where there is none. */
export function wantsServer(document: vscode.TextDocument): boolean {
  if (document.uri.scheme !== 'file' && document.uri.scheme !== 'untitled') return false;
  if (path.posix.basename(document.uri.path) === 'nectar.toml') return true;
  switch (document.languageId) {
    case 'toon':
      return POLICY.test(head(document));
    case 'yaml':
    case 'json':
      return isRulesFile(document);
    default:
      return false;
  }
}

export function isRulesFile(document: vscode.TextDocument): boolean {
  if (document.languageId !== 'yaml' && document.languageId !== 'json') return false;
  return RULES.test(head(document)) || isConfigured(document);
}

function isConfigured(document: vscode.TextDocument): boolean {
  const globs = vscode.workspace.getConfiguration('nectarc', document.uri).get<string[]>('rulesFiles', []);
  return globs.some((glob) => vscode.languages.match({ pattern: glob }, document) > 0);
}

function head(document: vscode.TextDocument): string {
  return document.getText(new vscode.Range(document.positionAt(0), document.positionAt(HEAD)));
}

/** The policy that a command without an argument is about: in front of the user, else one of the workspace, which opens. */
export async function chosenPolicy(): Promise<vscode.TextDocument | undefined> {
  const visible = vscode.window.visibleTextEditors.map((one) => one.document);
  const active = vscode.window.activeTextEditor?.document;
  const policy = [active, ...visible].find(
    (one) => one !== undefined && isPolicy(one) && ['file', 'untitled'].includes(one.uri.scheme),
  );
  if (policy !== undefined) return policy;
  const found = await vscode.workspace.findFiles('**/*.toon', '**/{node_modules,.venv}/**', POLICIES_MAX);
  const opened = await Promise.all(found.map((uri) => vscode.workspace.openTextDocument(uri)));
  const policies = opened.filter(isPolicy).sort((one, other) => one.uri.path.localeCompare(other.uri.path));
  if (policies.length === 0) {
    void vscode.window.showInformationMessage('Open a policy (a `.toon` file) first.');
    return undefined;
  }
  const chosen = policies.length === 1 ? policies[0] : await picked(policies);
  if (chosen !== undefined) await vscode.window.showTextDocument(chosen, { preview: false });
  return chosen;
}

async function picked(policies: readonly vscode.TextDocument[]): Promise<vscode.TextDocument | undefined> {
  const rows = policies.map((document) => ({ label: vscode.workspace.asRelativePath(document.uri), document }));
  return (await vscode.window.showQuickPick(rows, { placeHolder: 'Which policy?' }))?.document;
}
