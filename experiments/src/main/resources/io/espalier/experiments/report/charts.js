// Every chart as an option of ECharts: the page draws them, and so does `report --figures` without a browser,
// in an interpreter that has neither for-of nor spread arguments.

const COLOURS = ['#4477aa', '#e0663f', '#2b8f4e', '#aa3377', '#c79a1e', '#2a9fb8', '#7a5fb5', '#7d7d7d', '#d45d86', '#6b8e23', '#8c5a3c', '#3f6f6f'];
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'roundRect'];
const PAPER = { ink: '#1d2126', dim: '#5c6570', line: '#dde2e7', back: '#ffffff', low: '#eef3f8', high: '#35669c' };

function methodsOf(data) {
  return [...new Set(data.rows.map(row => row.method))];
}

// Colour and shape, so that a method is told from others in grey too.
function lookOf(data, method) {
  const index = methodsOf(data).indexOf(method);
  return { colour: COLOURS[index % COLOURS.length], symbol: SYMBOLS[index % SYMBOLS.length] };
}

function decimals(value, digits) {
  return value === undefined || value === null ? '–' : value.toFixed(digits);
}

function short(value) {
  return String(+value.toPrecision(3));
}

function binaryBytes(value) {
  if (value >= 1048576) {
    return short(value / 1048576) + ' MiB';
  }
  return value >= 1024 ? short(value / 1024) + ' KiB' : short(value) + ' B';
}

// What errors are drawn against. `of` names the published values that belong there.
const MEASURES = [
  { name: 'ratio', title: 'Test error against compression ratio', axis: 'compression ratio', of: 'parameters',
    value: row => row.ratio, mark: mark => mark.ratio, label: value => short(value) + 'x' },
  { name: 'bytes', title: 'Test error against stored bytes', axis: 'stored bytes', of: 'bytes',
    value: row => row.bytes, mark: (mark, data) => 4 * data.parameters / mark.ratio, label: binaryBytes },
  { name: 'inference', title: 'Test error against measured inference time', axis: 'milliseconds for a batch of 128',
    value: row => row.inference === undefined ? undefined : row.inference / 1000, label: value => short(value) + ' ms' },
  { name: 'training', title: 'Test error against training time', axis: 'seconds of training, up to the row',
    // What the tables round to nothing was not trained, or in no time.
    value: row => row.seconds >= 0.001 ? row.seconds : undefined, label: value => short(value) + ' s' },
];

function axis(theme, more) {
  return Object.assign({
    axisLine: { show: true, lineStyle: { color: theme.dim } }, axisTick: { lineStyle: { color: theme.dim } },
    splitLine: { lineStyle: { color: theme.line } }, nameTextStyle: { color: theme.dim }, nameLocation: 'middle',
  }, more, { axisLabel: Object.assign({ color: theme.ink, hideOverlap: true }, more.axisLabel) });
}

function logarithmic(theme, name, label, gap) {
  return axis(theme, {
    type: 'log', logBase: 2, name, nameGap: gap, minorSplitLine: { show: false },
    min: range => Math.pow(2, Math.floor(Math.log2(Math.max(range.min, 1e-3)) + 1e-9)),
    max: range => Math.pow(2, Math.ceil(Math.log2(Math.max(range.max, 2e-3)) * 2 - 1e-9) / 2),
    axisLabel: { formatter: label, showMaxLabel: false },
  });
}

// Logarithmic where values span enough for several powers of two, else as they are.
function upright(theme, name, values) {
  const range = { min: values.reduce((a, b) => Math.min(a, b), Infinity), max: values.reduce((a, b) => Math.max(a, b), 0) };
  return range.max > 6 * range.min
    ? logarithmic(theme, name, short, 42)
    : axis(theme, { type: 'value', scale: true, name, nameGap: 42, axisLabel: { formatter: short } });
}

function base(theme, legend) {
  return {
    animation: false, backgroundColor: 'transparent',
    textStyle: { color: theme.ink, fontFamily: 'system-ui, Helvetica, Arial, sans-serif' },
    legend: legend.length ? { data: legend, textStyle: { color: theme.ink }, top: 0, itemGap: 26 } : { show: false },
    grid: { left: 62, right: 22, top: legend.length ? 30 + 24 * Math.ceil(legend.join('').length / 80 + legend.length / 12) : 16, bottom: 52 },
    tooltip: {
      confine: true, backgroundColor: theme.back, borderColor: theme.line, textStyle: { color: theme.ink },
      formatter: item => item.data.text ? echarts.format.encodeHTML(item.data.text).replace(/\n/g, '<br>') : '',
    },
  };
}

function errorBar(colour) {
  return (params, api) => {
    const low = api.coord([api.value(0), api.value(1)]), high = api.coord([api.value(0), api.value(2)]);
    const style = { stroke: colour, lineWidth: 1.25 };
    const stroke = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style });
    return { type: 'group', children: [
      stroke(low[0], low[1], high[0], high[1]),
      stroke(low[0] - 4, low[1], low[0] + 4, low[1]),
      stroke(high[0] - 4, high[1], high[0] + 4, high[1]),
    ] };
  };
}

function errorText(row) {
  const interval = row.low === undefined ? '' : `, 95 % interval ${decimals(row.low, 2)} to ${decimals(row.high, 2)}`;
  return `${row.method}\n${decimals(row.test, 2)} % at ${decimals(row.ratio, 2)}x\nsd ${decimals(row.sd, 2)}, n = ${row.n}${interval}`
    + `\n${binaryBytes(row.bytes)}, ${short(row.seconds)} s`;
}

function errorChart(data, theme, shown, withLegend, measure) {
  const methods = methodsOf(data).filter(shown);
  const series = [];
  methods.forEach(method => {
    const look = lookOf(data, method);
    const rows = data.rows.filter(row => row.method === method && row.test !== undefined && measure.value(row) !== undefined);
    const spread = rows.filter(row => row.sd !== undefined);
    series.push({
      name: method, type: 'line', color: look.colour, symbol: look.symbol, symbolSize: 8, lineStyle: { width: 2 },
      data: rows.map(row => ({ value: [measure.value(row), row.test], text: errorText(row) })),
    }, {
      name: method, type: 'custom', color: look.colour, silent: true, z: 1, encode: { x: 0, y: [1, 2] }, renderItem: errorBar(look.colour),
      data: spread.map(row => [measure.value(row), Math.max(row.test - row.sd, row.test / 4), row.test + row.sd]),
    });
  });
  const marks = data.published.filter(mark => measure.mark && mark.of === measure.of);
  if (marks.length) {
    series.push({
      name: 'published', type: 'scatter', symbol: 'diamond', symbolSize: 11, z: 4,
      itemStyle: { color: theme.back, borderColor: theme.ink, borderWidth: 1.5 },
      data: marks.map(mark => ({ value: [measure.mark(mark, data), mark.test], text: `${mark.source}\n${mark.test} % at ${mark.ratio}x` })),
    });
  }
  return Object.assign(base(theme, withLegend ? [...methods, ...(marks.length ? ['published'] : [])] : []), {
    xAxis: logarithmic(theme, measure.axis, measure.label, 32),
    yAxis: upright(theme, 'test error %', data.rows.filter(row => shown(row.method) && row.test > 0).map(row => row.test).concat(marks.map(mark => mark.test))),
    series,
  });
}

function curveChart(data, theme, shown, withLegend, choice) {
  const curves = data.curves.filter(curve =>
    shown(curve.method) && curve.seed === choice.seed && (curve.ratios.includes(choice.ratio) || curve.ratios[0] === '1'));
  const validated = curves.every(curve => curve.validated);
  const series = curves.map(curve => {
    const look = lookOf(data, curve.method);
    return {
      name: curve.method, type: 'line', color: look.colour, symbol: look.symbol, symbolSize: (value, item) => item.data.cut ? 7 : 0,
      showAllSymbol: true, lineStyle: { width: 1.5 },
      data: curve.points.map((point, index) => {
        const cut = curve.cuts.includes(index);
        return { value: point, cut, text: `${curve.method}\n${short(point[1])}${validated ? ' %' : ''} after epoch ${short(point[0])}${cut ? ', weights cut in it' : ''}` };
      }),
    };
  });
  return Object.assign(base(theme, withLegend ? curves.map(curve => curve.method) : []), {
    xAxis: axis(theme, { type: 'value', name: 'epochs from initialisation', nameGap: 32 }),
    yAxis: upright(theme, validated ? 'validation error %' : 'training loss', curves.map(curve => curve.points.map(point => point[1])).flat()),
    series,
  });
}

function densityChart(data, theme, shown, withLegend, choice) {
  const rows = data.densities.filter(row => shown(row.method) && row.ratio === choice.ratio);
  const layers = rows.reduce((most, row) => Math.max(most, row.layers.length), 0);
  const names = Array.from({ length: layers }, (none, layer) => 'layer ' + layer);
  return Object.assign(base(theme, withLegend ? rows.map(row => row.method) : []), {
    xAxis: axis(theme, { type: 'category', data: names, boundaryGap: true, splitLine: { show: false } }),
    yAxis: logarithmic(theme, 'stored weights, % of the dense layer', value => short(value), 42),
    series: rows.map(row => {
      const look = lookOf(data, row.method);
      return {
        name: row.method, type: 'line', color: look.colour, symbol: look.symbol, symbolSize: 10, lineStyle: { width: 1, type: 'dotted' },
        data: row.layers.map((density, layer) => ({ value: 100 * density, text: `${row.method}\n${short(100 * density)} % of the weights of ${names[layer]}` })),
      };
    }),
  });
}

function agreementChart(data, theme, shown) {
  const methods = data.agreement.methods.filter(shown);
  const cells = data.agreement.cells.map(cell => ({ x: data.agreement.methods[cell[0]], y: data.agreement.methods[cell[1]], value: cell[2] }))
    .filter(cell => shown(cell.x) && shown(cell.y));
  const lowest = cells.reduce((least, cell) => Math.min(least, cell.value), 0);
  const names = { type: 'category', splitLine: { show: false }, axisLabel: { interval: 0, hideOverlap: false, width: 110, overflow: 'break' } };
  const columns = methods.slice(0, -1), rows = methods.slice(1);
  return Object.assign(base(theme, []), {
    grid: { left: 150, right: 22, top: 12, bottom: 58 },
    xAxis: axis(theme, Object.assign({ data: columns }, names)),
    yAxis: axis(theme, Object.assign({ data: rows, inverse: true }, names)),
    visualMap: { show: false, min: lowest, max: 1, inRange: { color: [theme.low, theme.high] } },
    series: [{
      type: 'heatmap', itemStyle: { borderColor: theme.back, borderWidth: 2 },
      data: cells.map(cell => ({
        value: [columns.indexOf(cell.x), rows.indexOf(cell.y), cell.value], text: `${cell.x}\n${cell.y}\n${decimals(cell.value, 2)}`,
        label: { show: true, formatter: decimals(cell.value, 2), color: cell.value > (1 + lowest) / 2 ? '#ffffff' : theme.ink },
      })),
    }],
  });
}

function distinct(lists) {
  return [...new Set(lists.flat())];
}

function ascending(ratios) {
  return ratios.sort((a, b) => Number(a) - Number(b));
}

// What there is to choose from, best first guess last: the largest ratio.
function choicesOf(data) {
  return {
    seeds: distinct(data.curves.map(curve => [curve.seed])),
    ratios: ascending(distinct(data.curves.map(curve => curve.ratios)).filter(ratio => ratio !== '1')),
    densities: ascending(distinct(data.densities.map(row => [row.ratio])).filter(ratio => ratio !== '1')),
  };
}

function measuresOf(data) {
  return MEASURES.filter(measure => data.rows.some(row => row.test !== undefined && measure.value(row) !== undefined));
}

function svg(option, width, height) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption(option);
  return chart.renderToSVGString();
}

// Every chart that has data, on white with its legend.
function figures(data) {
  const all = () => true, choices = choicesOf(data);
  const last = list => list[list.length - 1];
  const drawn = measuresOf(data).map(measure => ({ name: 'error-by-' + measure.name, svg: svg(errorChart(data, PAPER, all, true, measure), 800, 500) }));
  if (choices.ratios.length) {
    const choice = { seed: choices.seeds[0], ratio: last(choices.ratios) };
    drawn.push({ name: 'learning-curves', svg: svg(curveChart(data, PAPER, all, true, choice), 800, 500) });
  }
  if (choices.densities.length) {
    drawn.push({ name: 'layer-density', svg: svg(densityChart(data, PAPER, all, true, { ratio: last(choices.densities) }), 800, 500) });
  }
  if (data.agreement.cells.length) {
    drawn.push({ name: 'mask-agreement', svg: svg(agreementChart(data, PAPER, all), 800, 500) });
  }
  return drawn;
}
