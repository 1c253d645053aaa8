// Finds services while one types: on their own page the list narrows, on every other a short list opens below the field.
const most = 8;
const waitMs = 120;

/** Narrows the list of all services to those that have the words in their name or id. */
function narrow(words) {
  const wanted = words.trim().toLowerCase();
  for (const item of document.querySelectorAll('.names li')) {
    const { textContent, pathname } = item.querySelector('a');
    item.hidden = !`${textContent} ${pathname.split('/').at(-1)}`.toLowerCase().includes(wanted);
  }
  for (const group of document.querySelectorAll('.group')) group.hidden = !group.querySelector('li:not([hidden])');
}

function entry({ id, name, state }) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = `/services/${encodeURIComponent(id)}`;
  const called = document.createElement('span');
  called.textContent = name;
  link.append(called);
  if (state !== 'quiet') {
    const chip = document.createElement('span');
    chip.className = `chip ${state}`;
    chip.textContent = state;
    link.append(' ', chip);
  }
  item.append(link);
  return item;
}

/** Those whose name begins with what was typed, then those that people report most. */
function ranked(items, wanted) {
  const begins = ({ name }) => name.toLowerCase().startsWith(wanted);
  return items
    .sort((a, b) => begins(b) - begins(a) || b.authorsLastHour - a.authorsLastHour || a.name.localeCompare(b.name))
    .slice(0, most);
}

function suggest(field) {
  const form = field.form;
  const list = document.createElement('ul');
  list.className = 'found';
  list.hidden = true;
  const told = document.createElement('p');
  told.className = 'hide';
  told.setAttribute('role', 'status');
  form.append(list, told);
  let waiting;
  let asked;
  const close = () => {
    list.hidden = true;
  };
  async function look() {
    const wanted = field.value.trim().toLowerCase();
    asked?.abort();
    if (wanted === '') return close();
    asked = new AbortController();
    const query = new URLSearchParams({ q: wanted, limit: 200, fields: 'id,name,state,authorsLastHour' });
    const answer = await fetch(`/api/v1/services?${query}`, { signal: asked.signal }).catch(() => null);
    if (!answer?.ok) return;
    const { items } = await answer.json();
    list.replaceChildren(...ranked(items, wanted).map(entry));
    list.hidden = items.length === 0;
    told.textContent = items.length === 1 ? '1 service' : `${items.length} services`;
  }
  field.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, waitMs);
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      close();
      field.focus();
    }
    const links = Array.from(list.querySelectorAll('a'));
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || list.hidden || links.length === 0) return;
    event.preventDefault();
    const next = links.indexOf(document.activeElement) + by;
    if (next < 0) field.focus();
    else links[Math.min(next, links.length - 1)].focus();
  });
  form.addEventListener('focusout', (event) => form.contains(event.relatedTarget) || close());
  // What was typed before this came.
  look();
}

/** Makes the field answer while one types. */
export function addFind() {
  const field = document.getElementById('q');
  const list = document.getElementById('services');
  if (!list) return suggest(field);
  // Leaving the field by Escape empties it and says nothing: the list stays as it was typed.
  let typed = field.value;
  field.addEventListener('input', () => {
    typed = field.value;
    narrow(typed);
  });
  narrow(typed);
  // What comes in fresh is narrowed too.
  new MutationObserver(() => narrow(typed)).observe(list, { childList: true });
}
