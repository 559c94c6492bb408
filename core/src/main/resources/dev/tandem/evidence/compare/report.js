(() => {
  const find = document.getElementById('find');
  const found = document.getElementById('found');
  const cases = Array.from(document.querySelectorAll('.case'), node => [node, node.textContent.toLowerCase()]);
  const groups = Array.from(document.querySelectorAll('details.group'));
  const open = groups.map(group => group.open);
  document.getElementById('filter').hidden = cases.length === 0;
  let timer;
  find.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [node, text] of cases) {
        node.hidden = !words.every(word => text.includes(word));
        shown += node.hidden ? 0 : 1;
      }
      groups.forEach((group, i) => { group.open = words.length > 0 || open[i]; });
      found.textContent = words.length ? shown + ' of ' + cases.length : '';
    }, 120);
  });
})();
