// Where a language server may be, in the order in which the places are asked.
// Knows no `vscode`: tested on its own.

import * as path from 'node:path';

/** What the search goes by. `python`: the interpreter that the Python extension has chosen. */
export interface Surroundings {
  readonly command: readonly string[];
  readonly interpreter: string;
  readonly python: string | undefined;
  readonly folders: readonly string[];
  readonly home: string;
  readonly path: string;
  readonly windows: boolean;
  readonly exists: (file: string) => boolean;
}

/**
 * A place where the server may be.
 * `script`: the `nectarc` program. `python`: an interpreter that may have nectarc. `command`: as the user set it.
 * `chosen`: the user named this very one, so nothing else is tried.
 */
export type Candidate =
  | { readonly kind: 'command'; readonly words: readonly string[]; readonly from: string; readonly chosen: true }
  | { readonly kind: 'python'; readonly file: string; readonly from: string; readonly chosen: boolean }
  | { readonly kind: 'script'; readonly file: string; readonly from: string; readonly chosen: boolean };

export function candidates(around: Surroundings): Candidate[] {
  const folder = around.folders[0];
  if (around.command.length > 0) {
    const [program = '', ...rest] = around.command.map((word) => expanded(word, around));
    const words = [resolved(program, folder, around), ...rest];
    return [{ kind: 'command', words, from: 'the setting nectarc.server.command', chosen: true }];
  }
  if (around.interpreter.trim() !== '') {
    const file = resolved(expanded(around.interpreter.trim(), around), folder, around);
    return [{ kind: 'python', file, from: 'the setting nectarc.interpreter', chosen: true }];
  }
  const found: Candidate[] = [];
  if (around.python !== undefined) {
    found.push({ kind: 'python', file: around.python, from: 'the Python extension', chosen: false });
  }
  for (const root of around.folders) {
    for (const name of ['.venv', 'venv']) {
      found.push(...inEnvironment(path.join(root, name), around));
    }
  }
  found.push(...onPath(around));
  return distinct(found);
}

function inEnvironment(folder: string, around: Surroundings): Candidate[] {
  const from = `the folder ${folder}`;
  const bin = path.join(folder, around.windows ? 'Scripts' : 'bin');
  const script = path.join(bin, around.windows ? 'nectarc.exe' : 'nectarc');
  if (around.exists(script)) return [{ kind: 'script', file: script, from, chosen: false }];
  const python = path.join(bin, around.windows ? 'python.exe' : 'python');
  return around.exists(python) ? [{ kind: 'python', file: python, from, chosen: false }] : [];
}

function onPath(around: Surroundings): Candidate[] {
  const folders = foldersOfPath(around);
  const ending = around.windows ? '.exe' : '';
  const all = (name: string): string[] =>
    folders.map((one) => path.join(one, name + ending)).filter(around.exists);
  // Where pipx, uv and `pip install --user` put programs, on PATH or not.
  const users = path.join(around.home, '.local', 'bin', 'nectarc' + ending);
  const files = [...all('nectarc'), ...(around.exists(users) ? [users] : [])];
  const scripts = files.map((file): Candidate => ({ kind: 'script', file, from: 'PATH', chosen: false }));
  const pythons = [...all('python3'), ...all('python')];
  return [
    ...scripts,
    ...pythons.map((file): Candidate => ({ kind: 'python', file, from: 'PATH', chosen: false })),
  ];
}

function foldersOfPath(around: Surroundings): string[] {
  return around.path.split(around.windows ? ';' : ':').filter((one) => one !== '');
}

function distinct(found: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return found.filter((one) => {
    const key = one.kind === 'command' ? one.words.join('\0') : one.file;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** `~` and `${workspaceFolder}`, which people write in settings. */
function expanded(word: string, around: Surroundings): string {
  const home = word === '~' || /^~[\\/]/.test(word) ? around.home + word.slice(1) : word;
  return home.replaceAll('${workspaceFolder}', around.folders[0] ?? '').replaceAll('${userHome}', around.home);
}

/** A program named with a folder stands from the workspace's; a bare name is looked up on PATH. */
function resolved(program: string, folder: string | undefined, around: Surroundings): string {
  if (path.isAbsolute(program)) return program;
  if (/[\\/]/.test(program)) return folder === undefined ? program : path.join(folder, program);
  const ending = around.windows && !/\.\w+$/.test(program) ? '.exe' : '';
  return foldersOfPath(around).map((one) => path.join(one, program + ending)).find(around.exists) ?? program;
}
