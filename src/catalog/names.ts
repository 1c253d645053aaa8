// Services -> the phrases that name them, and the words that speak for or against an ambiguous name.
import type { Service } from '../core/catalog.js';
import { foldLetters } from './fold.js';
import type { Phrase } from './phrases.js';

/** Names of at least so many letters also count when written in one word (`msteams`). */
const joinFrom = 6;

const isLatin = (text: string): boolean => /[a-z]/i.test(text);

/** Arabic and Hebrew write `the`, `in`, `and` as part of the next word. */
function attached(name: string): string[] {
  if (/^[\u0621-\u064a]/.test(name)) {
    const bare = name.replace(/^ال/, '');
    return ['', 'ال', 'و', 'ب', 'ف', 'ل', 'لل', 'بال', 'وال', 'عال', 'هال'].map((p) => p + bare);
  }
  if (/^[\u05d0-\u05ea]/.test(name)) return ['', 'ה', 'ב', 'ל', 'ו', 'ש', 'מ', 'וה', 'כש'].map((p) => p + name);
  return [name];
}

/** Case endings of Russian and Ukrainian names in -а, which replace the vowel. */
function declined(name: string): string[] {
  return /[а-я]{3}а$/i.test(name) ? ['а', 'у', 'е', 'ы', 'ой'].map((ending) => name.slice(0, -1) + ending) : [name];
}

/** What one phrase may name; services are indices, -1 = none. */
export interface Entry {
  /** Services that the phrase means wherever it stands. */
  sure: number;
  /** Services that it may mean. */
  maybe: number[];
  /** Service whose account it is. */
  account: number;
}

/** Lists of numbers, one behind the other: those of i are `of[from[i]]` to `of[from[i + 1]]` (exclusive). */
export interface Lists {
  from: Int32Array;
  of: Int32Array;
}

export function listed(lists: readonly (readonly number[])[]): Lists {
  const from = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => {
    from[i + 1] = from[i]! + list.length;
  });
  return { from, of: Int32Array.from(lists.flat()) };
}

export interface Names {
  phrases: Phrase[];
  /** By phrase; cue words have empty ones. */
  entries: Entry[];
  /** By service: phrases that speak for and against its ambiguous names. */
  contextOf: Lists;
  notContextOf: Lists;
  /** Phrase of a word; added when it is new. */
  phraseFor(text: string): number;
}

/** Compiles the names of all services into one list of phrases. */
export function compileNames(services: readonly Service[]): Names {
  const phrases: Phrase[] = [];
  const entries: Entry[] = [];
  const idOf = new Map<string, number>();

  const phraseFor = (text: string): number => {
    const key = text.toLowerCase().trim();
    let id = idOf.get(key);
    if (id === undefined) {
      id = phrases.length;
      idOf.set(key, id);
      phrases.push({ text: key, recorded: false, inflects: false });
      entries.push({ sure: -1, maybe: [], account: -1 });
    }
    return id;
  };
  const name = (text: string, service: number, sure: boolean): void => {
    const id = phraseFor(text);
    phrases[id]!.recorded = true;
    const entry = entries[id]!;
    if (!sure) {
      if (!entry.maybe.includes(service)) entry.maybe.push(service);
      return;
    }
    if (entry.sure < 0) entry.sure = service;
    if (foldLetters(text).length >= 5 || !isLatin(text)) phrases[id]!.inflects = true;
  };
  const joined = (text: string): string | null => {
    const letters = foldLetters(text);
    return /\s|-/.test(text.trim()) && letters.length >= joinFrom && isLatin(text) && !/[&+$*!@.]/.test(text)
      ? letters
      : null;
  };

  services.forEach((s, i) => {
    for (const alias of [...s.aliases, ...Object.values(s.localAliases).flat()])
      for (const form of attached(alias).flatMap(declined)) name(form, i, true);
    for (const alias of s.ambiguousAliases) for (const form of attached(alias)) name(form, i, false);
  });
  services.forEach((s, i) => {
    for (const alias of [...s.aliases, ...s.ambiguousAliases]) {
      const form = joined(alias);
      if (form && !idOf.has(form)) name(form, i, s.aliases.includes(alias));
    }
    for (const handle of s.handles) {
      const id = phraseFor(foldLetters(handle));
      phrases[id]!.recorded = true;
      if (entries[id]!.account < 0) entries[id]!.account = i;
    }
  });

  // The scanner reads past signs, so that `claro!` would be the name itself, seen wherever the name stands.
  const bare = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s]/gu, '')
      .trim();
  const cuesOf = (wordsOf: (s: Service) => readonly string[]): Lists =>
    listed(
      services.map((s) => {
        const own = new Set([...s.aliases, ...s.ambiguousAliases].map(bare));
        return wordsOf(s)
          .filter((word) => !own.has(bare(word)))
          .map(phraseFor);
      }),
    );
  const contextOf = cuesOf((s) => s.context);
  const notContextOf = cuesOf((s) => s.notContext);
  return { phrases, entries, contextOf, notContextOf, phraseFor };
}
