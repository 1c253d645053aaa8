// The keyboard: / finds, j and k walk, ? tells; and services narrow down while one types.

function step(by) {
  const links = [...document.querySelectorAll('.card h2 a, .rows li a:first-of-type, .quote .by a, .names a')].filter(
    (a) => a.checkVisibility(),
  );
  const at = links.indexOf(document.activeElement);
  const next = links[Math.min(links.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: 'center' });
}

function help() {
  let dialog = document.getElementById('help');
  if (!dialog) {
    dialog = document.createElement('dialog');
    dialog.id = 'help';
    const list = document.createElement('dl');
    for (const [key, does] of [
      ['/', 'find a service'],
      ['j, k', 'next, previous'],
      ['Enter', 'open'],
      ['?', 'this help'],
    ]) {
      const dt = document.createElement('dt');
      dt.textContent = key;
      const dd = document.createElement('dd');
      dd.textContent = does;
      list.append(dt, dd);
    }
    dialog.append(list);
    document.body.append(dialog);
  }
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

/** Listens to the keyboard and narrows the list of services. */
export function addKeys() {
  const find = document.getElementById('q');
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLInputElement) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    if (event.key === '/') {
      event.preventDefault();
      find?.focus();
    } else if (event.key === 'j') step(1);
    else if (event.key === 'k') step(-1);
    else if (event.key === '?') help();
  });
  const names = document.querySelectorAll('.names li');
  if (names.length === 0 || !find) return;
  find.value = new URLSearchParams(location.search).get('q') ?? '';
  find.addEventListener('input', () => {
    const wanted = find.value.trim().toLowerCase();
    for (const item of names) item.hidden = !item.dataset.name.includes(wanted);
    for (const group of document.querySelectorAll('.group')) group.hidden = !group.querySelector('li:not([hidden])');
  });
}
