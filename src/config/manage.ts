// Services and sources put over the API: checked as the config and the catalog's file are, kept in the store, merged over both.
import { messageOf } from '../core/errors.js';
import type { Clock, EntryFault, Managed, Manager, ReadStore, WriteStore } from '../core/ports.js';
import type { SourceSettings } from '../sources/open-sources.js';
import { type Problem, readSources, type SourceKinds } from './check.js';

export interface ManageOptions {
  store: Pick<ReadStore, 'managed'> & Pick<WriteStore, 'putManaged' | 'dropManaged'>;
  clock: Clock;
  kinds: SourceKinds;
  /** Checks services; the verb returned takes them into use. @throws UsageError that lists every problem. */
  prepareServices(entries: readonly object[]): () => void;
  /** Takes sources into use, beside and in the place of those of the config. */
  useSources(sources: readonly SourceSettings[]): Promise<void>;
}

type Use = () => void | Promise<void>;
type Entries = readonly Pick<Managed, 'name' | 'entry'>[];

/** The fields that a complaint of the catalog is about; what refers to a service stands in another entry. */
function serviceFaults(error: unknown, name: string): EntryFault[] {
  return messageOf(error)
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, service, field = '', words] = /^\s*(?:services\[\d+\]|service (\S+))\.(\w+): (.*)$/.exec(line) ?? [];
      const own = words !== undefined && (service === undefined || service === name);
      return own ? { field, message: `${field}: ${words}` } : { field: '', message: line.trim() };
    });
}

const listOf = (entries: Entries, key: 'id' | 'name') => entries.map(({ name, entry }) => ({ ...entry, [key]: name }));

export interface Manage extends Manager {
  /** Takes what is stored into use. @returns what no longer fits, in words; it is left out. */
  start(): Promise<string[]>;
}

export function createManage({ store, clock, kinds, prepareServices, useSources }: ManageOptions): Manage {
  /** @returns what is wrong, or the verb that takes the entries into use. */
  function prepare(kind: Managed['kind'], entries: Entries, name: string): EntryFault[] | Use {
    if (kind === 'service') {
      try {
        return prepareServices(listOf(entries, 'id'));
      } catch (error) {
        return serviceFaults(error, name);
      }
    }
    const problems: Problem[] = [];
    // Never substituted from the environment: a sender could read our secrets through it.
    const sources = readSources(listOf(entries, 'name'), kinds, problems);
    if (problems.length === 0) return () => useSources(sources);
    return problems.map(({ path, message }) => {
      const field = path.slice(2).join('.');
      return { field, message: field ? `${field}: ${message}` : message };
    });
  }

  /** Stored entries that no longer fit, as `kind/name`: they stand in nobody's way. */
  const broken = new Set<string>();
  const othersOf = async (kind: Managed['kind'], name: string) =>
    (await store.managed(kind)).filter((m) => m.name !== name && !broken.has(`${kind}/${m.name}`));

  /** One change at a time: each is checked against all that stand. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  return {
    names: async (kind) => new Set((await store.managed(kind)).map(({ name }) => name)),

    put: (kind, name, entry, by) =>
      inTurn(async () => {
        const key = kind === 'service' ? 'id' : 'name';
        if (entry === null || typeof entry !== 'object' || Array.isArray(entry))
          return [{ field: '', message: 'must be an object with the settings' }];
        const { [key]: given = name, ...rest } = entry as Record<string, unknown>;
        if (given !== name)
          return [{ field: key, message: `${key}: the address says "${name}": leave it out or say the same` }];
        const others = await othersOf(kind, name);
        const use = prepare(kind, [...others, { name, entry: rest }], name);
        if (typeof use !== 'function') return use;
        await store.putManaged({ kind, name, entry: rest, at: clock.now(), by });
        broken.delete(`${kind}/${name}`);
        await use();
        return [];
      }),

    drop: (kind, name) =>
      inTurn(async () => {
        if (!(await store.managed(kind)).some((m) => m.name === name)) return null;
        const use = prepare(kind, await othersOf(kind, name), name);
        if (typeof use !== 'function') return use;
        await store.dropManaged(kind, name);
        await use();
        return [];
      }),

    async start() {
      const left: string[] = [];
      for (const kind of ['service', 'source'] as const) {
        const fitting: Managed[] = [];
        let use: Use | null = null;
        for (const one of await store.managed(kind)) {
          const next = prepare(kind, [...fitting, one], one.name);
          if (typeof next === 'function') {
            fitting.push(one);
            use = next;
            continue;
          }
          broken.add(`${kind}/${one.name}`);
          const why = next.map((fault) => fault.message).join('; ');
          left.push(`the ${kind} "${one.name}", put over the API, is left out: ${why}`);
        }
        await use?.();
      }
      return left;
    },
  };
}
