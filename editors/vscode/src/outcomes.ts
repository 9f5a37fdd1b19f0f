// What the server's commands return: the contract of `nectarc.server.*`.

import type { Range } from 'vscode-languageclient/node';

export interface Check {
  readonly name: string;
  readonly verdict: string;
  readonly claim: string;
  readonly reason: string;
  readonly counterexample: string | null;
}

export interface Proof {
  readonly state: 'proved' | 'refuted' | 'unknown' | 'errors';
  readonly headline: string;
  readonly text: string;
  readonly checks: readonly Check[];
}

export interface TestOutcome {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'errored';
  readonly message: string;
  readonly range: Range;
  readonly rule: string | null;
  readonly milliseconds: number;
}

export interface TestRun {
  readonly tests: readonly TestOutcome[];
}

export interface Compiled {
  readonly written: readonly string[];
  readonly diagnostics: number;
  readonly text: string;
}

export interface Rules {
  readonly language: string;
  readonly text: string;
  readonly line: number;
  readonly proven: boolean;
  readonly message: string;
}

export interface Waggle {
  readonly html: string;
}

export interface Counterexample {
  readonly title: string;
  readonly language: string;
  readonly text: string;
}

export interface Question {
  readonly id: string;
  readonly question: string;
  /** Without any the user writes the answer. */
  readonly choices: readonly { readonly answer: string; readonly meaning: string }[];
}

export interface Proposal {
  readonly state: 'proposed' | 'asks' | 'refused' | 'failed';
  readonly text: string | null;
  readonly message: string;
  readonly questions: readonly Question[];
  readonly verdict: string;
  readonly diff: string | null;
  /** The file of the policy that it is about. */
  readonly path: string | null;
}

export interface Written {
  readonly files: readonly string[];
  readonly open: string | null;
  /** Why there are no files, or what is to be known of them. */
  readonly message?: string;
}

/** The notification `nectarc/proofState`. */
export interface ProofState {
  readonly uri: string;
  readonly version: number | null;
  readonly state: 'checking' | 'proving' | 'proved' | 'refuted' | 'unknown' | 'errors' | 'none';
  readonly headline: string;
  readonly detail: string;
}

/** An item of the answer to `nectarc/tests`. */
export interface PolicyTest {
  readonly name: string;
  readonly range: Range;
  readonly expect: string;
}

/** What each command of the server returns. */
export interface Outcomes {
  'nectarc.server.prove': Proof;
  'nectarc.server.runTests': TestRun;
  'nectarc.server.compile': Compiled;
  'nectarc.server.showRules': Rules;
  'nectarc.server.showWaggle': Waggle;
  'nectarc.server.showCounterexample': Counterexample;
  'nectarc.server.propose': Proposal;
  'nectarc.server.newProject': Written;
  'nectarc.server.importRules': Written;
  'nectarc.server.applyFixAll': null;
}

export type ServerCommand = keyof Outcomes;

/** The notification `nectarc/suggestionState`: what is proven of an inline suggestion, or why there is none. */
export interface SuggestionState {
  readonly uri: string;
  readonly version: number | null;
  readonly state: 'proven' | 'refused' | 'asks' | 'none';
  readonly text: string | null;
  readonly verdict: string;
  readonly reason: string;
  readonly engine: 'claude' | 'offline';
}
