// The reader of the API: every route of the OpenAPI document, as a plain page.
import { html, type Markup } from '../html.js';

interface Schema {
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  example?: unknown;
  examples?: unknown[];
  default?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
}
interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  parameters?: {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    example?: unknown;
    schema?: Schema;
  }[];
  responses: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>;
}
/** The parts of an OpenAPI document that are shown. */
export interface Document {
  info: { description?: string };
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, Operation>>;
}

const typeOf = (s: Schema): string => {
  const type = [s.type ?? 'any'].flat().join(' or ');
  return s.items ? `${type} of ${typeOf(s.items)}` : type;
};

function fields(schema: Schema): Markup | null {
  const rows = Object.entries((schema.items ?? schema).properties ?? {});
  if (rows.length === 0) return null;
  return html`<ul class="fields">${rows.map(([name, s]) => html`<li><code>${name}</code> <small>${typeOf(s)}</small> ${s.description ?? ''}${fields(s)}</li>`)}</ul>`;
}

function parameters(operation: Operation): Markup | null {
  const rows = (operation.parameters ?? []).filter((p) => p.in !== 'header');
  if (rows.length === 0) return null;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Keys of the request"><table><thead><tr><th scope="col">Key<th scope="col">What<th scope="col">Example</tr></thead><tbody>${rows.map((p) => html`<tr><th scope="row"><code>${p.name}</code>${p.required && ' *'}</th><td>${p.description ?? ''}${p.schema?.enum && html` <small>${p.schema.enum.map(String).join(', ')}</small>`}</td><td>${p.example === undefined ? null : html`<code>${String(p.example)}</code>`}</td></tr>`)}</tbody></table></div>`;
}

function operation(method: string, path: string, o: Operation): Markup {
  const schema = Object.values(o.responses['200']?.content ?? o.responses['202']?.content ?? {})[0]?.schema;
  const answer = schema && fields(schema);
  return html`<details class="route" id="${o.operationId}"><summary><code>${method.toUpperCase()} ${path}</code> ${o.summary}</summary>${o.description && html`<p>${o.description}</p>`}${parameters(o)}${answer && html`<h3>Answer</h3>${answer}`}</details>`;
}

export function docsBody(document: Document): Markup {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, o]) => ({ tag: o.tags[0], body: operation(method, path, o) })),
  );
  return html`<article class="docs"><h1>The API</h1><p class="lede">${document.info.description ?? ''}</p>
<p class="hint">Reading needs no key. For programs: <a href="/openapi.json">OpenAPI 3.1</a>.</p>
${(document.tags ?? []).map((tag) => {
  const routes = all.filter((o) => o.tag === tag.name);
  return (
    routes.length > 0 &&
    html`<section><h2 class="rule">${tag.name}</h2><p class="hint">${tag.description ?? ''}</p>${routes.map((o) => o.body)}</section>`
  );
})}</article>`;
}
