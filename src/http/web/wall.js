// The wall: shows the tiles a group at a time, where there are more than fit. It can be paused and turned by hand.
const shownMs = 12_000;
let turn = 0;
let paused = false;

/** Shows the group whose turn it is, in the page or in a fresh one that is about to be put in. */
export function arrange(root) {
  const groups = root.querySelectorAll('.tiles');
  for (const [i, group] of groups.entries()) group.hidden = i !== turn % groups.length;
  const all = document.querySelectorAll('.tiles').length;
  const told = root.querySelector('#turn');
  if (told && all > 1) told.textContent = `${(turn % all) + 1} of ${all}`;
  const button = root.querySelector('[data-pause]');
  if (!button) return;
  button.hidden = false;
  button.textContent = paused ? 'Go on' : 'Pause';
}

function show(by) {
  const groups = document.querySelectorAll('.tiles').length;
  if (groups === 0) return;
  turn = (turn + by + groups) % groups;
  arrange(document);
}

function pause() {
  paused = !paused;
  arrange(document);
}

document.body.classList.add('turning');
setInterval(() => paused || show(1), shownMs);
document.addEventListener('click', (event) => event.target.closest?.('[data-pause]') && pause());
document.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowRight') show(1);
  else if (event.key === 'ArrowLeft') show(-1);
  else if (event.key === ' ' && event.target === document.body) {
    event.preventDefault();
    pause();
  }
});
