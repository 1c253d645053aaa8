// Writes docs/api-examples.md: every route in curl, TypeScript and Python.
import { type Example, examples } from './api-examples.js';
import { readDocument } from './write-client.js';

const base = 'http://127.0.0.1:8080';

export const typescriptHead = `import { createClient } from './client/client.js';

const token = process.env.OUTCRY_TOKEN;
const outcry = createClient({ baseUrl: '${base}', token });`;

export const pythonHead = `import json, os
from urllib.parse import urlencode
from urllib.request import Request, urlopen

base, token = "${base}", os.environ.get("OUTCRY_TOKEN", "")

def send(method, path, body=None, **query):
    url = base + path + ("?" + urlencode(query) if query else "")
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} if data else {}
    if method != "GET":
        headers["Authorization"] = f"Bearer {token}"
    with urlopen(Request(url, data, headers, method=method)) as answer:
        text = answer.read().decode()
        return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else text

def get(path, **query):
    return send("GET", path, **query)`;

interface Call {
  method: string;
  path: string;
  example: Example;
}

const literal = (value: unknown): string =>
  typeof value === 'string'
    ? `'${value.replaceAll("'", "\\\\'")}'`
    : Array.isArray(value)
      ? `[${value.map(literal).join(', ')}]`
      : value !== null && typeof value === 'object'
        ? `{ ${Object.entries(value)
            .map(([k, v]) => `${k}: ${literal(v)}`)
            .join(', ')} }`
        : String(value);

const queryOf = ({ query = {} }: Example) =>
  new URLSearchParams(Object.entries(query).map(([k, v]): [string, string] => [k, String(v)])).toString();

const filled = ({ path, example }: Call) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(example.path?.[name] ?? ''));

function curl(call: Call): string {
  const { method, example } = call;
  const query = queryOf(example);
  const url = `'${base}${filled(call)}${query ? `?${query}` : ''}'`;
  if (call.path.endsWith('/stream')) return `curl -N --max-time 60 ${url}`;
  if (method === 'get') return `curl ${url}`;
  const lines = [`curl -X ${method.toUpperCase()} ${url}`, `-H "Authorization: Bearer $OUTCRY_TOKEN"`];
  if (example.body) lines.push(`-H 'Content-Type: application/json' -d '${JSON.stringify(example.body)}'`);
  return lines.join(' \\\n  ');
}

function typescript(call: Call): string {
  const { method, path, example } = call;
  const { each, shows } = example;
  const asked = Object.entries({ path: example.path, query: example.query, body: example.body }).filter(([, v]) => v);
  if (path.endsWith('/stream')) {
    return `const { body } = await fetch('${base}${path}?${queryOf(example)}');
for await (const chunk of body ?? []) {
  console.log(new TextDecoder().decode(chunk));
  break; // or listen on; browsers have EventSource
}`;
  }
  const ask = asked.length > 0 ? `, ${literal(Object.fromEntries(asked))}` : '';
  const call_ = `await outcry.${method}('${path}'${ask});`;
  if (method === 'delete') return call_;
  const of = (name: string) => (shows ?? []).map((field) => `${name}.${field}`).join(', ');
  const told =
    each !== undefined
      ? `for (const item of answer${each ? `.${each}` : ''}) console.log(${of('item')});`
      : `console.log(${shows ? of('answer') : 'answer'});`;
  return `const answer = ${call_}\n${told}`;
}

function python(call: Call): string {
  const { method, path, example } = call;
  const { each, shows } = example;
  const url = JSON.stringify(filled(call));
  const query = Object.entries(example.query ?? {}).map(([k, v]) => `${k}=${JSON.stringify(String(v))}`);
  if (path.endsWith('/stream')) {
    return `with urlopen(base + ${url} + "?" + urlencode({${Object.entries(example.query ?? {})
      .map(([k, v]) => `"${k}": ${JSON.stringify(v)}`)
      .join(', ')}})) as events:
    for line in events:
        print(line.decode(), end="")
        break  # or listen on`;
  }
  const body = example.body ? [JSON.stringify(example.body)] : [];
  const call_ =
    method === 'get'
      ? `get(${[url, ...query].join(', ')})`
      : `send("${method.toUpperCase()}", ${[url, ...body, ...query].join(', ')})`;
  if (method === 'delete') return call_;
  const of = (name: string) => (shows ?? []).map((field) => `${name}["${field}"]`).join(', ');
  const told =
    each !== undefined
      ? `for item in answer${each ? `["${each}"]` : ''}:\n    print(${of('item')})`
      : `print(${shows ? of('answer') : 'answer'})`;
  return `answer = ${call_}\n${told}`;
}

const fence = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\`\n`;

/** The page. @throws Error for an operation of the document without an example, and for an example of none. */
export async function examplesPage(): Promise<string> {
  const { paths = {} } = await readDocument();
  const calls = new Map<string, Call & { summary: string }>();
  for (const [path, methods] of Object.entries(
    paths as Record<string, Record<string, { operationId: string; summary: string }>>,
  ))
    for (const [method, { operationId, summary }] of Object.entries(methods)) {
      const example = examples[operationId];
      if (!example) throw new Error(`tools/api-examples.ts has no example of ${operationId} (${method} ${path})`);
      calls.set(operationId, { method, path, example, summary });
    }
  const sections = Object.keys(examples).map((id) => {
    const call = calls.get(id);
    if (!call) throw new Error(`tools/api-examples.ts has an example of ${id}, which is no operation`);
    const title = `## \`${call.method.toUpperCase()} ${call.path}\`\n\n${call.summary}.\n`;
    return [title, fence('sh', curl(call)), fence('ts', typescript(call)), fence('python', python(call))].join('\n');
  });
  return `# Examples

Every route in curl, TypeScript and Python (standard library only); [api.md](api.md) tells what they mean. This page is
written by \`npm run docs\`, and a test runs all of it. Reading needs no token; writing needs one in \`OUTCRY_TOKEN\`.

TypeScript stands on the typed client in [src/http/client](../src/http/client) (two files without dependencies: copy
them), Python on two small functions:

${fence('ts', typescriptHead)}
${fence('python', pythonHead)}
${sections.join('\n')}`;
}
