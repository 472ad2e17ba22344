/**
 * What the page does more where scripts may run: a filter above each longer table and columns that sort. It reads and moves
 * what is there, writes no markup, and is allowed by its hash alone. Without it the page says all the same.
 */
export const SCRIPT = `
'use strict';
for (const table of document.querySelectorAll('table')) {
  const groups = [...table.tBodies];
  if (groups.length < 5) continue;
  const field = document.createElement('input');
  field.type = 'search';
  field.className = 'filter';
  const name = table.caption ? table.caption.textContent : 'table';
  field.setAttribute('aria-label', 'Filter: ' + name);
  field.placeholder = 'Filter';
  const tally = document.createElement('span');
  tally.className = 'quiet tally';
  tally.setAttribute('role', 'status');
  const bar = document.createElement('div');
  bar.className = 'tools';
  bar.append(field, tally);
  table.before(bar);
  const texts = groups.map((group) => group.textContent.toLowerCase());
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let seen = 0;
    groups.forEach((group, at) => {
      group.hidden = !words.every((word) => texts[at].includes(word));
      if (!group.hidden) seen++;
    });
    tally.textContent = words.length === 0 ? '' : seen + ' of ' + groups.length;
  });
  const heads = [...table.tHead.rows[0].cells];
  const keyOf = (group, column) => {
    const cell = group.rows[0].cells[column];
    const time = cell.querySelector('time');
    return time ? time.dateTime : cell.textContent.trim();
  };
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    if (button.textContent === '') return;
    head.append(button);
    button.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      for (const each of heads) each.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const sorted = groups
        .map((group, at) => ({ group, at, key: keyOf(group, column) }))
        .sort((a, b) => (up ? 1 : -1) * a.key.localeCompare(b.key, 'en', { numeric: true }) || a.at - b.at);
      table.append(...sorted.map(({ group }) => group));
    });
  });
}
`.trim();
