// Lets the reader sort a table by any of its columns; what was chosen outlives a refresh of the page.

/** Name of a table -> the column and direction chosen for it. */
const chosen = new Map();

function sort(table, column, descending) {
  const body = table.tBodies[0];
  const value = (row) => row.cells[column].dataset.value;
  const rows = Array.from(body.rows).sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    const order = Number.isNaN(Number(x)) ? x.localeCompare(y) : Number(x) - Number(y);
    return descending ? -order : order;
  });
  body.append(...rows);
  for (const [i, head] of Array.from(table.tHead.rows[0].cells).entries()) {
    if (i === column) head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    else head.removeAttribute('aria-sort');
  }
}

/** Makes the heads of all sortable tables in `root` buttons, and sorts them as the reader last chose. */
export function addSorting(root) {
  for (const table of root.querySelectorAll('table.sortable')) {
    const name = table.closest('[id]').id;
    for (const [i, head] of Array.from(table.tHead.rows[0].cells).entries()) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = head.textContent;
      button.addEventListener('click', () => {
        // Names begin with A, numbers with the largest.
        const descending = head.ariaSort ? head.ariaSort !== 'descending' : i > 0;
        chosen.set(name, [i, descending]);
        sort(table, i, descending);
      });
      head.replaceChildren(button);
    }
    if (chosen.has(name)) sort(table, ...chosen.get(name));
  }
}
