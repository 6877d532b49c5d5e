const at = id => document.getElementById(id);
const make = (name, text, style) => {
  const element = document.createElement(name);
  element.textContent = text;
  element.className = style || '';
  return element;
};

for (const id of ['study', 'question', 'answer', 'check', 'provenance', 'file']) {
  at(id).textContent = data[id];
}
at('facts').textContent = `${data.dataset}, ${data.network}, ${data.parameters} parameters; ${data.finished} of ${data.trials} trials done`
  + (data.diverged ? `, ${data.diverged} of them diverged` : '') + '.';

// ---- which methods are shown ----------------------------------------------------------------------------------------

const hidden = new Set();
const filter = at('filter');
const matches = method => method.toLowerCase().includes(filter.value.trim().toLowerCase());
const shown = method => matches(method) && !hidden.has(method);

const SHAPES = {
  circle: '<circle cx="6" cy="6" r="5"/>', rect: '<rect x="1" y="1" width="10" height="10"/>', triangle: '<path d="M6 1 11 11H1Z"/>',
  diamond: '<path d="M6 0 12 6 6 12 0 6Z"/>', roundRect: '<rect x="1" y="1" width="10" height="10" rx="3"/>',
};
for (const method of methodsOf(data)) {
  const button = make('button', method), look = lookOf(data, method);
  button.insertAdjacentHTML('afterbegin', `<svg viewBox="0 0 12 12" aria-hidden="true" fill="${look.colour}">${SHAPES[look.symbol]}</svg>`);
  button.setAttribute('aria-pressed', 'true');
  button.addEventListener('click', () => {
    const press = hidden.delete(method) || !hidden.add(method);
    button.setAttribute('aria-pressed', String(press));
    show();
  });
  at('methods').append(button);
}
filter.addEventListener('input', show);

// ---- tables ---------------------------------------------------------------------------------------------------------

const COLUMNS = [
  ['method', row => row.method, row => row.method + (row.diverged ? ` (${row.diverged} diverged)` : '')],
  ['ratio', row => row.ratio || +row.target, row => row.ratio === undefined ? row.target : row.ratio.toFixed(2)],
  ['n', row => row.n, row => row.n],
  ['test error %', row => row.test, row => decimals(row.test, 2)],
  ['sd', row => row.sd, row => decimals(row.sd, 2)],
  ['95 %', row => row.low, row => row.low === undefined ? '–' : `${decimals(row.low, 2)} to ${decimals(row.high, 2)}`],
  ['validation %', row => row.validation, row => decimals(row.validation, 2)],
  ['train %', row => row.train, row => decimals(row.train, 2)],
  ['bytes', row => row.bytes, row => decimals(row.bytes, 0)],
  ['file', row => row.file, row => decimals(row.file, 0)],
  ['speed-up', row => row.speedUp, row => decimals(row.speedUp, 1)],
  ['epochs', row => row.epochs, row => decimals(row.epochs, 1)],
  ['train s', row => row.seconds, row => decimals(row.seconds, 1)],
];
if (data.rows.some(row => row.inference !== undefined)) {
  COLUMNS.push(['ms, batch 128', row => row.inference, row => row.inference === undefined ? '–' : decimals(row.inference / 1000, 2)]);
}
let sorted = { column: -1, ascending: true };

function line(texts, textColumns) {
  const row = document.createElement('tr');
  texts.forEach((text, column) => row.append(make('td', text, textColumns.includes(column) ? 'text' : '')));
  return row;
}

function fillTable() {
  const rows = data.rows.filter(row => shown(row.method));
  if (sorted.column >= 0) {
    const key = COLUMNS[sorted.column][1], sign = sorted.ascending ? 1 : -1;
    const compare = (a, b) => typeof a === 'string' ? a.localeCompare(b) : (a ?? Infinity) - (b ?? Infinity);
    rows.sort((a, b) => sign * compare(key(a), key(b)));
  }
  at('rows').replaceChildren(...rows.map(row => line(COLUMNS.map(column => column[2](row)), [0])));
}

COLUMNS.forEach(([name], column) => {
  const heading = make('th', '', column ? '' : 'text'), button = make('button', name);
  heading.append(button);
  button.addEventListener('click', () => {
    sorted = { column, ascending: sorted.column !== column || !sorted.ascending };
    for (const other of at('columns').children) {
      other.removeAttribute('aria-sort');
    }
    heading.setAttribute('aria-sort', sorted.ascending ? 'ascending' : 'descending');
    fillTable();
  });
  at('columns').append(heading);
});

function section(id, list, rowsId, fill) {
  at(id).hidden = !list.length;
  at(rowsId).replaceChildren(...list.map(fill));
}
section('compared', data.compared, 'pairs', row => {
  const cells = line([row.ratio + 'x', row.method, row.other, row.n, decimals(row.mean, 2), decimals(row.low, 2), decimals(row.high, 2), decimals(row.holm, 3)], [0, 1, 2]);
  cells.classList.toggle('won', row.holds);
  return cells;
});
at('diamonds').hidden = !data.published.some(mark => mark.of === 'parameters');
section('marks', data.published, 'published', mark => line([mark.source, mark.ratio, mark.of, mark.test], [0, 2]));
section('chosen', data.tuning, 'tuning', row => {
  const cells = line([row.method, row.ratio, row.settings, row.n, decimals(row.validation, 2), decimals(row.sd, 2), row.refit], [0, 2]);
  cells.classList.toggle('won', row.chosen);
  return cells;
});
at('claimed').replaceChildren(...data.claims.map(claim => make('li', `At ${claim.ratio}x ${claim.method} errs less than ${claim.beaten.join(', ')}.`)),
  ...(data.claims.length ? [] : [make('li', 'Nobody, for certain.')]));
at('checklist').replaceChildren(...data.checklist.map(item =>
  make('li', `${item.what} (${item.met ? '' : 'missed: '}${item.found})`, item.met ? 'met' : 'missed')));

// ---- charts ---------------------------------------------------------------------------------------------------------

const dark = matchMedia('(prefers-color-scheme: dark)');
let printing = false;

function theme() {
  const style = getComputedStyle(document.documentElement);
  return printing ? PAPER : Object.fromEntries(Object.keys(PAPER).map(name => [name, style.getPropertyValue('--' + name).trim()]));
}

function options(id, values) {
  at(id).replaceChildren(...values.map(value => make('option', value)));
  at(id).value = values[id.endsWith('seed') ? 0 : values.length - 1];
  at(id).addEventListener('change', show);
}
const choices = choicesOf(data);
options('curve-ratio', choices.ratios);
options('curve-seed', choices.seeds);
options('density-ratio', choices.densities);

const charts = [
  ...measuresOf(data).map(measure => [measure.name, measure.title, look => errorChart(data, look, shown, false, measure)]),
  ...(choices.ratios.length ? [['curves', 'Learning curves', look => curveChart(data, look, shown, false, { seed: at('curve-seed').value, ratio: at('curve-ratio').value })]] : []),
  ...(choices.densities.length ? [['density', 'Stored weights by layer', look => densityChart(data, look, shown, false, { ratio: at('density-ratio').value })]] : []),
  ...(data.agreement.cells.length ? [['agreement', 'Rank correlation of masks', look => agreementChart(data, look, shown)]] : []),
];
// All are shown before the first is drawn: a chart takes the width that its neighbours leave it.
charts.forEach(([id]) => { at(id).hidden = false; });
const drawn = charts.map(([id, title, option]) => {
  const place = at(id).querySelector('.chart');
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', title + '; the table has the numbers');
  const paper = place.closest('.wide') ? { width: 690, height: 360 } : { width: 335, height: 260 };
  return { chart: echarts.init(place, null, { renderer: 'svg' }), option, paper };
});

function show() {
  for (const button of at('methods').querySelectorAll('button')) {
    button.hidden = !matches(button.textContent);
  }
  fillTable();
  const look = theme();
  drawn.forEach(each => each.chart.setOption(each.option(look), true));
}

function resize() {
  // A page is laid out only after its charts are drawn, so on paper they have sizes of their own.
  drawn.forEach(each => each.chart.resize(printing ? each.paper : { width: 'auto', height: 'auto' }));
}
show();
dark.addEventListener('change', show);
addEventListener('resize', resize);
for (const [event, now] of [['beforeprint', true], ['afterprint', false]]) {
  addEventListener(event, () => {
    printing = now;
    resize();
    show();
  });
}
