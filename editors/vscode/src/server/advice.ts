// What to tell somebody whose machine has no server that works. Knows no `vscode`: tested on its own.

import type { Refusal } from './probe.js';
import { NEEDED_NECTARC, NEEDED_PYTHON, shown, shownShort } from './version.js';

const PYTHON = shownShort(NEEDED_PYTHON);

/** One message for all that was tried: about the place that is nearest to working. */
export function advice(refusals: readonly Refusal[]): string {
  const chosen = refusals.find((one) => one.candidate.chosen);
  if (chosen !== undefined) return aboutChosen(chosen);
  for (const why of ['old nectarc', 'no nectarc', 'old python', 'fails'] as const) {
    const nearest = refusals.find((one) => one.why === why);
    if (nearest !== undefined) return about(nearest);
  }
  return (
    `Nectarc needs Python ${PYTHON} or newer, and there is no Python here. ` +
    `Install one (python.org, or your system's packages), then run \`pip install nectarc\`.`
  );
}

/** The setting is wrong: nothing else is tried, since the user asked for this one. */
function aboutChosen(refusal: Refusal): string {
  return `${capital(refusal.candidate.from)}: ${lowered(about(refusal))}`;
}

function about(refusal: Refusal): string {
  const file = `\`${refusal.file}\``;
  switch (refusal.why) {
    case 'not there':
      return `There is no program ${file}.`;
    case 'fails':
      return `${file} cannot be used: ${refusal.message}`;
    case 'old python':
      return (
        `Nectarc needs Python ${PYTHON} or newer, and ${file} is Python ${shown(refusal.python)}. ` +
        `Install a newer Python, then run \`pip install nectarc\` with it.`
      );
    case 'no nectarc':
      return (
        `Nectarc is not installed in ${file} (Python ${shown(refusal.python)}). ` +
        `Run \`${refusal.file} -m pip install nectarc\`.`
      );
    case 'old nectarc':
      return (
        `${file} is nectarc ${shown(refusal.version)}, and this extension needs ${shown(NEEDED_NECTARC)} or newer. ` +
        `Run \`pip install --upgrade nectarc\`.`
      );
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Within a sentence; a name in backticks and `Nectarc` keep their letters. */
function lowered(text: string): string {
  return text.startsWith('There') ? 't' + text.slice(1) : text;
}

/** One line per place, for the log. */
export function refusalLine(refusal: Refusal): string {
  return `${refusal.candidate.from}: ${refusal.why}: ${about(refusal)}`;
}
