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

/** The policy that a command without an argument is about; says so where there is none. */
export function activePolicy(): vscode.TextDocument | undefined {
  const visible = vscode.window.visibleTextEditors.map((one) => one.document);
  const active = vscode.window.activeTextEditor?.document;
  const policy = [active, ...visible].find(
    (one) => one !== undefined && isPolicy(one) && ['file', 'untitled'].includes(one.uri.scheme),
  );
  if (policy === undefined) void vscode.window.showInformationMessage('Open a policy (a `.toon` file) first.');
  return policy;
}
