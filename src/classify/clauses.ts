// The list and the clause that each mention of a post stands in, and what the words there make of the service.
import { readFileSync } from 'node:fs';
import { FeatureIndex } from './feature-index.js';
import { fold } from './fold.js';
import { hashWord } from './hash.js';
import type { Scan } from './scan.js';
import { mostMentions, SVC } from './scan.js';
import { classNames } from './vocabulary.js';

const maxTokens = 600;

/** What is known of a word, as bits: the stances that it tells; that it joins services to a list; that it begins a clause. */
const JOINS = 1 << 8;
const BREAKS = 1 << 9;
const words = new FeatureIndex(1);
const meanings: number[] = [0];
function add(list: string, meaning: number): void {
  for (const word of list.split(' ')) {
    const slot = words.add(hashWord(fold(word).replace(/['-]/g, '')));
    meanings[slot] = (meanings[slot] ?? 0) | meaning;
  }
}
/** Words between two services of one list. */
add('and or & + nor y e o u et ou und oder en of i oraz ve dan sama と や も 와 과 랑 하고 و aur और plus also', JOINS);
/** Words that begin another clause. */
add(
  'but while though although because so since yet whereas however except unlike instead aber weil waehrend obwohl pero porque aunque mientras mas porem enquanto embora mais car tandis alors ma perche mentre pero maar terwijl want omdat ale bo podczas ama cunku fakat tapi tetapi karena padahal けど から のに 지만 는데 لكن بس لان lekin par kyunki लेकिन पर',
  BREAKS,
);
/** Words by what they make of the service beside them: it works, it fails as well, it is blamed, gone to, speaks. */
const stanceData = JSON.parse(readFileSync(new URL('./data/roles.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, string>
>;
for (const [bit, languages] of Object.values(stanceData).entries())
  for (const list of Object.values(languages)) add(list, 1 << bit);
const meaningBySlot = Uint16Array.from(meanings);
const STANCES = JOINS - 1;
/** The first stance: it works. */
const WORKS_WELL = 1;

const bitOf = (name: string) => 1 << classNames.indexOf(name);
const FAILS = bitOf('down') | bitOf('fail') | bitOf('slow');
const NEGATED = bitOf('neg');
const WORKS = bitOf('work');

/** Reads the clauses of a post; the arrays go by mention and hold those of the last post read. */
export class Clauses {
  /** First and last token of the list of services that a mention belongs to. */
  readonly left = new Int16Array(mostMentions);
  readonly right = new Int16Array(mostMentions);
  /** Tokens [from, to) of the clause around that list. */
  readonly from = new Int16Array(mostMentions);
  readonly to = new Int16Array(mostMentions);
  /** What the clause says, as bits: 1 fails, 2 works, 4 denies, then the other stances; 0 for mentions outside the text. */
  readonly state = new Uint8Array(mostMentions);
  /** Stances of each token, as bits. */
  readonly stance = new Uint8Array(maxTokens);
  private readonly meaning = new Uint16Array(maxTokens);

  /** @param scan what was read; @param mentions how many services it names, repeated ones counted. */
  read(scan: Scan, mentions: number): void {
    for (let i = 0; i < scan.n; i++) {
      const meaning = meaningBySlot[words.find(scan.hash[i] as number)] as number;
      this.meaning[i] = meaning;
      this.stance[i] = meaning & STANCES;
    }
    for (let which = 0; which < mentions && which < mostMentions; which++) {
      const at = scan.mentionToken[which] as number;
      this.state[which] = 0;
      if (at >= 0) this.surround(scan, which, at);
    }
  }

  private surround({ n, kind, gap, classes }: Scan, which: number, at: number): void {
    const { meaning } = this;
    // A list of services reads as one: "X, Y and Z are down".
    let left = at;
    let right = at;
    for (;;) {
      const joined =
        left >= 1 && gap[left] !== 2 && kind[left - 1] !== SVC && ((meaning[left - 1] as number) & JOINS) !== 0;
      const j = joined ? left - 2 : left - 1;
      if (j < 0 || kind[j] !== SVC || gap[j + 1] === 2) break;
      left = j;
    }
    for (;;) {
      const joined = right + 1 < n && kind[right + 1] !== SVC && ((meaning[right + 1] as number) & JOINS) !== 0;
      const j = joined ? right + 2 : right + 1;
      if (j >= n || kind[j] !== SVC || gap[j] === 2 || gap[j - 1] === 2) break;
      right = j;
    }
    let from = left;
    while (from > 0 && gap[from] === 0 && kind[from - 1] !== SVC && ((meaning[from - 1] as number) & BREAKS) === 0)
      from--;
    let to = right + 1;
    while (to < n && gap[to] === 0 && kind[to] !== SVC && ((meaning[to] as number) & BREAKS) === 0) to++;
    let mask = 0;
    let stance = 0;
    for (let j = from; j < to; j++) {
      mask |= classes[j] as number;
      stance |= this.stance[j] as number;
    }
    this.left[which] = left;
    this.right[which] = right;
    this.from[which] = from;
    this.to[which] = to;
    const denied = (mask & NEGATED) !== 0;
    const fails = (mask & FAILS) !== 0 || (denied && (mask & WORKS) !== 0);
    this.state[which] =
      (fails ? 1 : 0) | ((stance & WORKS_WELL) !== 0 ? 2 : 0) | (denied ? 4 : 0) | ((stance & ~WORKS_WELL) << 2);
  }
}
