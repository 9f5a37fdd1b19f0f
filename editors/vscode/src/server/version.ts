// Versions of nectarc and of Python, and which of them this extension works with.
// Knows no `vscode`: tested on its own.

export type Version = readonly [number, number, number];

export const NEEDED_NECTARC: Version = [0, 1, 0];
export const NEEDED_PYTHON: Version = [3, 11, 0];

/** The first `1.2.3` or `1.2` in the text. */
export function versionIn(text: string): Version | undefined {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : undefined;
}

export function isBelow(one: Version, other: Version): boolean {
  for (const at of [0, 1, 2] as const) {
    if (one[at] !== other[at]) return one[at] < other[at];
  }
  return false;
}

export function shown(version: Version): string {
  return version.join('.');
}

/** `3.11` of 3.11.0: how people name a Python. */
export function shownShort(version: Version): string {
  return `${version[0]}.${version[1]}`;
}
