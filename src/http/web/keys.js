// The keyboard: / finds, j and k walk, ? tells.

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
    dialog.setAttribute('aria-label', 'Keys');
    const list = document.createElement('dl');
    for (const [key, does] of [
      ['/', 'find a service'],
      ['j, k', 'next, previous'],
      ['Enter', 'open'],
      ['Esc', 'leave the field'],
      ['?', 'this help'],
    ]) {
      const dt = document.createElement('dt');
      const kbd = document.createElement('kbd');
      kbd.textContent = key;
      dt.append(kbd);
      const dd = document.createElement('dd');
      dd.textContent = does;
      list.append(dt, dd);
    }
    const close = document.createElement('button');
    close.type = 'button';
    close.textContent = 'Close';
    close.addEventListener('click', () => dialog.close());
    dialog.append(list, close);
    document.body.append(dialog);
  }
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

/** Listens to the keyboard. */
export function addKeys() {
  const find = document.getElementById('q');
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    if (event.key === '/' && find) {
      event.preventDefault();
      find.focus();
    } else if (event.key === 'j') step(1);
    else if (event.key === 'k') step(-1);
    else if (event.key === '?') help();
  });
}
