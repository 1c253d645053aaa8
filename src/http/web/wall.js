// The wall: shows the tiles a group at a time, where there are more than fit.
const shownMs = 12_000;

/** Turns the groups of a wall; does nothing on other pages. */
export function addWall() {
  if (!document.body.classList.contains('wall')) return;
  let turn = 0;
  const show = () => {
    const groups = [...document.querySelectorAll('.tiles')];
    for (const [i, group] of groups.entries()) group.hidden = i !== turn % groups.length;
    const told = document.getElementById('turn');
    if (told && groups.length > 1) told.textContent = `${(turn % groups.length) + 1} of ${groups.length}`;
    turn++;
  };
  show();
  setInterval(show, shownMs);
}
