// Keeps the page fresh: fetches it anew when the stream tells of news, and puts in the parts that changed.

/** What the parts are given: `prepare(root)` makes a fresh part ready, `charts` promises the charts, `settle()` comes at the end. */
let page;

/** Lets the browser draw and answer between two pieces of work. */
const breathe = () => new Promise((done) => setTimeout(done));

/** Box -> how far the reader scrolled it; asked of the box itself, it would make the browser lay out the page at once. */
const scrolls = new WeakMap();
document.addEventListener('scroll', ({ target }) => target !== document && scrolls.set(target, target.scrollTop), {
  capture: true,
  passive: true,
});

/** What the reader opened stays open. @returns boxes with how far they are to be scrolled. */
function keepView(stale, fresh) {
  const known = stale.querySelectorAll('details');
  for (const [i, details] of fresh.querySelectorAll('details').entries()) details.open = known[i]?.open ?? false;
  const boxes = stale.querySelectorAll('.scroll');
  return Array.from(fresh.querySelectorAll('.scroll'), (box, i) => [box, scrolls.get(boxes[i]) ?? 0]);
}

/** Puts one freshly served part in the place of the one shown; what is unchanged stays untouched. @returns false when it is left for later */
async function renewPart(stale, fresh) {
  page.prepare(fresh);
  await breathe();
  // Meanwhile a newer page may have taken its place.
  if (!stale.isConnected) return false;
  const scrolled = keepView(stale, fresh);
  if (stale.isEqualNode(fresh)) return true;
  // A reader who is choosing or typing is not interrupted.
  if (stale.querySelector('select:focus, input:focus')) return false;
  if (page.charts && !(await page.charts).adopt(stale, fresh)) return false;
  const known = new Set(Array.from(stale.querySelectorAll('.card'), (card) => card.id));
  const focused = stale.contains(document.activeElement) && document.activeElement.getAttribute('href');
  const label = focused && document.activeElement.textContent;
  stale.replaceWith(fresh);
  for (const [box, top] of scrolled) if (top > 0) box.scrollTop = top;
  for (const card of fresh.querySelectorAll('.card'))
    if (known.size > 0 && !known.has(card.id)) card.classList.add('fresh');
  if (!focused) return true;
  const links = Array.from(fresh.querySelectorAll('a'));
  const same = links.find((a) => a.getAttribute('href') === focused) ?? links.find((a) => a.textContent === label);
  same?.focus({ preventScroll: true });
  return true;
}

/** Puts in what is new of a freshly served page, a part at a time. @returns whether all of it is in */
async function renew(next, isCurrent) {
  document.title = next.title;
  let whole = true;
  for (const fresh of next.querySelectorAll('[data-live], #sight')) {
    const stale = document.getElementById(fresh.id);
    if (stale && !(await renewPart(stale, document.adoptNode(fresh)))) whole = false;
    await breathe();
    if (!isCurrent()) return false;
  }
  page.settle();
  return whole;
}

function tellOffline() {
  const sight = document.getElementById('sight');
  document.body.classList.add('offline');
  if (!sight || sight.classList.contains('blind')) return;
  sight.className = 'sight blind';
  sight.textContent = 'No contact with Outcry. What you see is no longer fresh; trying again.';
}

/** The page that is shown, by its validator; null where it is not known. */
let shown = null;
let running = null;
let again = false;

/** Fetches the page anew and puts in what changed. @param at another address for it, which takes over from one that runs. */
export async function refresh(at) {
  if (running && !at) {
    again = true;
    return;
  }
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const late = setTimeout(() => mine.abort(), 30_000);
  try {
    if (at) history.replaceState(null, '', at);
    const answer = await fetch(location.href, {
      headers: { accept: 'text/html' },
      cache: 'no-cache',
      signal: mine.signal,
    });
    if (at && !answer.ok) return location.reload();
    const tag = `${location.href} ${answer.headers.get('etag')}`;
    if (answer.ok && tag !== shown) {
      const text = await answer.text();
      const whole = await renew(new DOMParser().parseFromString(text, 'text/html'), () => running === mine);
      shown = whole ? tag : null;
    }
    document.body.classList.remove('offline');
  } catch {
    // The server is away: the page says so, and the next try comes by itself.
    if (running === mine) {
      shown = null;
      tellOffline();
    }
  }
  clearTimeout(late);
  if (running !== mine) return;
  running = null;
  if (again) soon();
  again = false;
}

let waiting = null;

/** Refreshes soon, once for many changes. */
function soon() {
  if (waiting !== null) return;
  waiting = setTimeout(() => {
    waiting = null;
    if (!document.hidden) refresh();
  }, 100);
}

function listen() {
  const stream = new EventSource('/api/v1/stream');
  for (const name of ['incident', 'spike', 'tick']) stream.addEventListener(name, soon);
  stream.addEventListener('open', () => document.body.classList.contains('offline') && soon());
  // It comes back by itself after a break, but not after a refusal (a proxy whose server is away).
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
}

/** Listens from now on, where a page has parts that change. @param parts see `page` */
export function keepFresh(parts) {
  page = parts;
  if (!document.querySelector('[data-live]')) return;
  listen();
  setInterval(() => document.hidden || refresh(), 30_000);
  document.addEventListener('visibilitychange', soon);
}
