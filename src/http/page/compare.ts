// Other services beside one, in the same chart: which, and how to choose them.
import type { Catalog, Service } from '../../core/catalog.js';
import { nearest } from '../../core/nearest.js';
import { badField } from '../errors.js';
import { html, type Markup } from '../html.js';
import { maxLines } from './lines.js';

/** A service by id, name or alias, as a person types it. */
function named(catalog: Catalog, words: string): Service | undefined {
  const wanted = words.trim().toLowerCase();
  const { services } = catalog;
  return (
    catalog.service(wanted) ??
    services.find((s) => s.name.toLowerCase() === wanted) ??
    services.find((s) => s.aliases.some((alias) => alias.toLowerCase() === wanted))
  );
}

/**
 * The services to compare with, from a list like `zoom,slack` and one more as it was typed.
 * @throws Problem that names a service nobody knows, or says that there are too many.
 */
export function comparedWith(catalog: Catalog, service: Service, list: string, typed: string): Service[] {
  const found = new Map<string, Service>();
  for (const words of [...list.split(','), typed].filter((w) => w.trim() !== '')) {
    const other = named(catalog, words);
    if (!other) {
      const ids = catalog.services.map((s) => s.id);
      const allowed = nearest(words.trim().toLowerCase(), ids);
      const hint = allowed.length > 0 ? `did you mean ${allowed.join(' or ')}?` : '/services lists them';
      throw badField({ field: 'query.compare', value: words, message: `no service "${words}"; ${hint}`, allowed });
    }
    if (other.id !== service.id) found.set(other.id, other);
  }
  if (found.size < maxLines) return [...found.values()];
  const message = `compare takes ${maxLines - 1} services beside the one of the page, not ${found.size}`;
  throw badField({ field: 'query.compare', value: list, message });
}

/** Services that one is likely to be held against: what it needs, what it is part of, what else is. */
function kin(catalog: Catalog, service: Service): Service[] {
  const siblings = catalog.services.filter((s) => s.parent !== null && s.parent === service.parent).map((s) => s.id);
  const parts = catalog.services.filter((s) => s.parent === service.id).map((s) => s.id);
  const ids = [service.parent, ...service.dependsOn, ...siblings, ...parts];
  return [...new Set(ids)].flatMap((id) => (id && id !== service.id ? (catalog.service(id) ?? []) : []));
}

/** What is compared, each with a way to leave it out, and a way to add one. @param href address of the page with these. */
export function compareChoice(
  catalog: Catalog,
  service: Service,
  chosen: readonly Service[],
  href: (compare: readonly string[]) => string,
  hidden: Record<string, string>,
): Markup {
  const ids = chosen.map((s) => s.id);
  const offered = kin(catalog, service).filter((s) => !ids.includes(s.id));
  const more = ids.length < maxLines - 1;
  return html`<form class="compare" action="/services/${service.id}"><span>Compare with</span>
${chosen.map((s) => html`<a class="pill on" href="${href(ids.filter((id) => id !== s.id))}" aria-label="Leave out ${s.name}">${s.name} <span aria-hidden="true">×</span></a>`)}
${more && offered.slice(0, 3).map((s) => html`<a class="pill" href="${href([...ids, s.id])}">${s.name}</a>`)}
${Object.entries({ ...hidden, compare: ids.join(',') }).map(([name, value]) => value !== '' && html`<input type="hidden" name="${name}" value="${value}">`)}
${more && html`<label class="hide" for="with">Another service</label><input id="with" name="with" placeholder="another service" maxlength="60" autocomplete="off" size="16"><button>Add</button>`}</form>`;
}
