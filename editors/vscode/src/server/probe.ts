// Asks a candidate what it is. Knows no `vscode`: tested on its own.

import { execFile } from 'node:child_process';
import * as path from 'node:path';
import type { Candidate } from './candidates.js';
import { isBelow, NEEDED_NECTARC, NEEDED_PYTHON, type Version, versionIn } from './version.js';

/** A server that can be started. `cli`: how the command line tool is run, for tasks. */
export interface Server {
  readonly command: string;
  readonly args: readonly string[];
  readonly cli: readonly string[];
  readonly version: Version;
  readonly from: string;
}

/** Why a candidate is none. */
export type Refusal =
  | { readonly why: 'not there'; readonly candidate: Candidate; readonly file: string }
  | { readonly why: 'fails'; readonly candidate: Candidate; readonly file: string; readonly message: string }
  | { readonly why: 'old python'; readonly candidate: Candidate; readonly file: string; readonly python: Version }
  | { readonly why: 'no nectarc'; readonly candidate: Candidate; readonly file: string; readonly python: Version }
  | { readonly why: 'old nectarc'; readonly candidate: Candidate; readonly file: string; readonly version: Version };

/** What a program said. `code` is null where it could not be started. */
export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

export type Run = (words: readonly string[]) => Promise<Said>;

// Reads in every Python since 2.7, so that an old one can say what it is.
const ASK = [
  'import sys',
  'found = ""',
  'try:',
  '    from importlib.metadata import version',
  '    found = version("nectarc")',
  'except Exception:',
  '    pass',
  'sys.stdout.write("python %d.%d.%d nectarc %s" % (tuple(sys.version_info[:3]) + (found,)))',
].join('\n');
const MAIN = 'from nectarc.cli.main import main; raise SystemExit(main())';

export async function probe(
  candidate: Candidate,
  run: Run,
  exists: (file: string) => boolean,
  windows: boolean,
): Promise<Server | Refusal> {
  switch (candidate.kind) {
    case 'command':
      return ofCommand(candidate, candidate.words, run);
    case 'script':
      return ofScript(candidate, candidate.file, run);
    case 'python':
      return ofPython(candidate, candidate.file, run, exists, windows);
  }
}

async function ofCommand(candidate: Candidate, words: readonly string[], run: Run): Promise<Server | Refusal> {
  const [command = '', ...args] = words;
  const cli = commandLine(words);
  const said = await run([...cli, 'version']);
  if (said.code === null) return { why: 'not there', candidate, file: command };
  return judged(candidate, command, args, cli, said);
}

async function ofScript(candidate: Candidate, file: string, run: Run): Promise<Server | Refusal> {
  const said = await run([file, 'version']);
  if (said.code === null) return { why: 'not there', candidate, file };
  return judged(candidate, file, ['lsp'], [file], said);
}

async function ofPython(
  candidate: Candidate,
  file: string,
  run: Run,
  exists: (file: string) => boolean,
  windows: boolean,
): Promise<Server | Refusal> {
  const said = await run([file, '-c', ASK]);
  if (said.code === null) return { why: 'not there', candidate, file };
  const found = /^python (\S+) nectarc (\S*)/m.exec(said.out);
  const python = versionIn(found?.[1] ?? '');
  if (said.code !== 0 || python === undefined) {
    return { why: 'fails', candidate, file, message: lastLine(said.error || said.out) };
  }
  if (isBelow(python, NEEDED_PYTHON)) return { why: 'old python', candidate, file, python };
  const version = versionIn(found?.[2] ?? '');
  if (version === undefined) return { why: 'no nectarc', candidate, file, python };
  if (isBelow(version, NEEDED_NECTARC)) return { why: 'old nectarc', candidate, file, version };
  const script = path.join(path.dirname(file), windows ? 'nectarc.exe' : 'nectarc');
  const cli = exists(script) ? [script] : [file, '-c', MAIN];
  return { command: file, args: ['-m', 'nectarc_lsp'], cli, version, from: candidate.from };
}

function judged(
  candidate: Candidate,
  command: string,
  args: readonly string[],
  cli: readonly string[],
  said: Said,
): Server | Refusal {
  const version = versionIn(/^nectarc (\S+)/m.exec(said.out)?.[1] ?? '');
  if (said.code !== 0 || version === undefined) {
    const message = lastLine(said.error || said.out) || `\`${cli.join(' ')} version\` says nothing`;
    return { why: 'fails', candidate, file: command, message };
  }
  if (isBelow(version, NEEDED_NECTARC)) return { why: 'old nectarc', candidate, file: command, version };
  return { command, args, cli, version, from: candidate.from };
}

/** The command line tool that belongs to a server's command: without `lsp` and what follows it. */
export function commandLine(words: readonly string[]): readonly string[] {
  const module = words.indexOf('nectarc_lsp');
  if (module > 0 && words[module - 1] === '-m') return [...words.slice(0, module - 1), '-c', MAIN];
  const at = words.indexOf('lsp');
  return at > 0 ? words.slice(0, at) : words;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}

const PATIENCE = 20_000; // milliseconds: a cold Python on a loaded machine

/** Run a program to its end. */
export function runProgram(words: readonly string[], cwd: string | undefined): Promise<Said> {
  const [file = '', ...args] = words;
  return new Promise((resolve) => {
    const options = { timeout: PATIENCE, windowsHide: true, ...(cwd === undefined ? {} : { cwd }) };
    execFile(file, args, options, (error, out, said) => {
      if (error === null) resolve({ code: 0, out, error: said });
      else if (typeof error.code === 'number') resolve({ code: error.code, out, error: said });
      else if (error.killed) resolve({ code: 1, out, error: `no answer within ${PATIENCE / 1000} seconds` });
      else resolve({ code: null, out, error: String(error.message) });
    });
  });
}
