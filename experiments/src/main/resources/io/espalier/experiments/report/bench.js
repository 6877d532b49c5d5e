// Figures of benchmarks, with the looks of charts.js.

const OURS = COLOURS[0], THEIRS = COLOURS[1];
const ROLES = [
  { role: 'SUBJECT', name: 'Espalier', colour: OURS, symbol: 'circle' },
  { role: 'PEER', name: 'peers, the fastest of each row', colour: THEIRS, symbol: 'rect' },
];

function question(row) {
  return [row.op, row.layer, row.batch, row.members, row.sparsity, row.compression].join(' ');
}

// Of everybody who answers the same question in a role, the fastest.
function fastest(rows) {
  const best = new Map();
  rows.forEach(row => {
    const key = row.role + ' ' + question(row);
    if (!best.has(key) || row.seconds < best.get(key).seconds) {
      best.set(key, row);
    }
  });
  return [...best.values()];
}

function powers(theme, name, range, gap) {
  return axis(theme, { type: 'log', logBase: 10, name, nameGap: gap, min: range[0], max: range[1], minorSplitLine: { show: false }, axisLabel: { formatter: short } });
}

function decades(values) {
  return [Math.pow(10, Math.floor(Math.log10(Math.min.apply(null, values)))), Math.pow(10, Math.ceil(Math.log10(Math.max.apply(null, values))))];
}

// Gflop/s against flops for each byte that must move. Roofs are those of one core, so rows of all cores are not drawn.
function roofline(data) {
  const rows = fastest(data.rows.filter(row => row.flops > 0 && row.bytes > 0 && !/^(trials|study)/.test(row.op)));
  const at = row => [row.flops / row.bytes, row.flops / row.seconds / 1e9];
  const x = decades(rows.map(row => at(row)[0])), peak = data.flops / 1e9;
  const roof = bandwidth => [[x[0], Math.min(peak, x[0] * bandwidth / 1e9)], [data.flops / bandwidth, peak], [x[1], peak]].filter(
    point => point[0] >= x[0] && point[0] <= x[1]);
  const roofs = [{ name: 'roof, from cache', from: data.cache, type: 'solid' }, { name: 'roof, from memory', from: data.memory, type: 'dashed' }];
  const line = { type: 'line', symbol: 'none', color: PAPER.dim };
  const option = base(PAPER, roofs.map(one => one.name).concat(ROLES.map(one => one.name)));
  option.xAxis = powers(PAPER, 'operations for each byte that has to move', x, 30);
  option.yAxis = powers(PAPER, 'GFLOP/s, useful', decades(rows.map(row => at(row)[1]).concat([peak])), 46);
  option.series = roofs.map(one => Object.assign({}, line, { name: one.name, data: roof(one.from), lineStyle: { type: one.type } }))
    .concat(ROLES.map(one => ({ type: 'scatter', name: one.name, symbol: one.symbol, symbolSize: 9, itemStyle: { color: one.colour, opacity: 0.75 },
      data: rows.filter(row => row.role === one.role).map(at) })));
  return option;
}

// How often ours fits into the time of the fastest peer, which computes the zeros too, against how few weights are left: above 1 they pay.
function breakEven(data) {
  const rows = fastest(data.rows), peers = new Map(), lines = new Map();
  rows.filter(row => row.role === 'PEER').forEach(row => peers.set(question(row), row.seconds));
  rows.filter(row => row.role === 'SUBJECT' && row.compression === 1 && !row.op.startsWith('trials') && peers.has(question(row))).forEach(row => {
    const shape = row.op.includes(' of ') ? '' : ' ' + row.layer;
    const name = row.op.replace(/^(dense|masked) step/, 'step') + shape + ', batch ' + row.batch + (row.members > 1 ? ', ' + row.members + ' at once' : '');
    lines.set(name, (lines.get(name) || []).concat([[1 / (1 - row.sparsity), row.speedup || peers.get(question(row)) / row.seconds]]));
  });
  const names = [...lines.keys()].filter(name => lines.get(name).some(at => at[0] > 1));
  if (!names.length) {
    return null;
  }
  const option = base(PAPER, names);
  option.xAxis = logarithmic(PAPER, 'weights for each that is left', value => short(value) + 'x', 30);
  option.yAxis = upright(PAPER, 'time of the fastest peer over ours', [1].concat(names.flatMap(name => lines.get(name).map(at => at[1]))));
  option.series = names.map((name, index) => ({
    type: 'line', name, color: COLOURS[index % COLOURS.length], symbol: SYMBOLS[index % SYMBOLS.length], symbolSize: 7,
    data: lines.get(name).sort((a, b) => a[0] - b[0]),
    markLine: index ? undefined : { silent: true, symbol: 'none', label: { formatter: 'break even', color: PAPER.dim, position: 'insideStartTop' }, lineStyle: { color: PAPER.dim }, data: [{ yAxis: 1 }] },
  }));
  return option;
}

function benchFigures(data) {
  const drawn = [], even = breakEven(data);
  if (data.flops && data.rows.length) {
    drawn.push({ name: 'roofline', svg: svg(roofline(data), 800, 500) });
  }
  if (even) {
    drawn.push({ name: 'break-even', svg: svg(even, 800, 560) });
  }
  return drawn;
}
