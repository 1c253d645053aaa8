// Services named in one post -> those meant: maker, device, provider or account of the whole are left out beside the rest.
import type { Service } from '../core/catalog.js';
import { platforms } from './cues.js';

/** A service (its index) named in [start, end) of a text. */
export interface Candidate {
  service: number;
  start: number;
  end: number;
  /** Named by its account. */
  handle: boolean;
  /** Named by what one uses it on: `iPhone`, `Chrome`, `PS5`. */
  device: boolean;
}

/** Companies that stand for no service of their own. */
const makers: ReadonlySet<string> = new Set(['microsoft', 'google', 'apple']);

/** What is known of a service while one text is settled (bits): named; not as a device; a part of it is named. */
const NAMED = 1;
const APP = 2;
const WHOLE = 4;

/** Compiles the rules; `ancestorsOf`: by service, what it is a part of. */
export function createSettler(services: readonly Service[], ancestorsOf: readonly (readonly number[])[]) {
  const indexOf = (id: string): number => services.findIndex((s) => s.id === id);
  /** Supplies that have no name of their own; the provider of the net is said only where no service is named. */
  const internet = indexOf('internet');
  const power = indexOf('power');
  const water = indexOf('water');
  /** One suite under two names: whoever says both means the online one. */
  const office = indexOf('microsoft-office');
  const online = indexOf('microsoft-365');
  const isMaker = services.map((s) => makers.has(s.id));
  const isPlatform = services.map((s) => platforms.has(s.id));
  const isUtility = services.map((s, i) => s.category === 'utility' && i !== power && i !== water);
  const roles = new Uint8Array(services.length);

  /** What the candidates at hand are together: anything but a supply; a service of its own; a supply by its provider. */
  let isThing = false;
  let isApp = false;
  let isSupplied = false;
  function note(service: number, is: number): void {
    roles[service]! |= is;
    if (service === internet || service === power || service === water) return;
    isThing = true;
    if (is & APP && !isMaker[service] && !isPlatform[service]) isApp = true;
    for (const whole of ancestorsOf[service]!) roles[whole]! |= WHOLE;
  }

  return {
    /** Those of the candidates that are meant; `outside`: services named around the text. */
    settle(found: Candidate[], outside: readonly number[]): Candidate[] {
      if (found.length + outside.length < 2) return found;
      isThing = isApp = isSupplied = false;
      for (const c of found) {
        note(c.service, c.device ? NAMED : NAMED | APP);
        if (isUtility[c.service] && !c.handle) isSupplied = true;
      }
      for (const service of outside) note(service, NAMED | APP);
      const kept = found.filter((c) => {
        if (c.service === internet) return !isThing;
        if (c.service === power) return !isSupplied;
        if (c.service === office) return online < 0 || (roles[online]! & NAMED) === 0;
        if (c.device && isApp) return false;
        if (isUtility[c.service] && c.handle && power >= 0 && roles[power]! & NAMED) return false;
        return !(isMaker[c.service] || c.handle) || (roles[c.service]! & WHOLE) === 0;
      });
      roles.fill(0);
      return kept;
    },

    /** Those of the candidates around a text that it does not name itself, each service once. */
    added(around: readonly Candidate[], named: readonly Candidate[]): Candidate[] {
      const seen = new Set(named.map((c) => c.service));
      return around.filter((c) => {
        if (seen.has(c.service)) return false;
        if (c.handle && named.some((n) => ancestorsOf[n.service]!.includes(c.service))) return false;
        if (c.handle && isUtility[c.service] && seen.has(power)) return false;
        seen.add(c.service);
        return true;
      });
    },
  };
}
