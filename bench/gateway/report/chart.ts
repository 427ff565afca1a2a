import type { Result } from '../rounds.ts';

const width = 860;
const labelWidth = 250;
const valueWidth = 80;
const barHeight = 18;
const rowHeight = 26;

const style = `
.ground { fill: #ffffff } .heading { fill: #17251d; font-weight: 600 } .label { fill: #3b4740 } .value { fill: #55635b }
.bar { fill: #a9b8af } .own { fill: #2f6f4e }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117 } .heading { fill: #e6edf3 } .label { fill: #c3ccd4 } .value { fill: #9aa5af }
.bar { fill: #48545c } .own { fill: #58b586 }
}`;

/** Bars of requests per second, a group for each query, on a ground of its own for light and for dark pages. */
export function drawChart(results: readonly Result[], footnote: string): string {
  const shapes: string[] = [];
  let y = 34;
  for (const operation of new Set(results.map((result) => result.operation))) {
    const rows = results.filter((result) => result.operation === operation && result.median !== undefined);
    const most = Math.max(...rows.map(({ median }) => median!.requestsPerSecond));
    shapes.push(text('heading', 24, y, `${operation}: requests per second`));
    y += 14;
    for (const { contender, title, median } of rows) {
      const value = median!.requestsPerSecond;
      const length = Math.max(1, (value / most) * (width - labelWidth - valueWidth - 24));
      const own = contender.startsWith('ours') ? 'own' : 'bar';
      shapes.push(
        text('label', 24, y + 14, title),
        `<rect class="${own}" x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="3"/>`,
        text('value', labelWidth + length + 8, y + 14, Math.round(value).toLocaleString('en')),
      );
      y += rowHeight;
    }
    y += 28;
  }
  shapes.push(text('value', 24, y - 4, footnote));
  const height = y + 14;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-sans-serif, system-ui, sans-serif" font-size="13" role="img" aria-label="Requests per second of several GraphQL gateways; a longer bar is better">
<style>${style}
</style>
<rect class="ground" width="${width}" height="${height}" rx="8"/>
${shapes.join('\n')}
</svg>
`;
}

function text(kind: string, x: number, y: number, content: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text class="${kind}" x="${x.toFixed(1)}" y="${y}">${escaped}</text>`;
}
