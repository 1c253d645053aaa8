// Saves a chart as a PNG that tells by itself what it shows, of when, and where it comes from.
import { canvasOf } from './chart.js';

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Breaks words into lines that fit. */
function wrapped(ctx, words, width) {
  const lines = [''];
  for (const word of words.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (ctx.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function compose(figure, drawn) {
  const scale = devicePixelRatio;
  const [margin, gap] = [28 * scale, 10 * scale];
  const canvas = document.createElement('canvas');
  canvas.width = drawn.width + 2 * margin;
  const ctx = canvas.getContext('2d');
  const parts = [
    [`700 ${24 * scale}px Georgia, serif`, '--ink', document.querySelector('h1').innerText],
    [`${14 * scale}px system-ui, sans-serif`, '--soft', figure.dataset.title],
    null,
    [`${12 * scale}px system-ui, sans-serif`, '--soft', document.getElementById('wording')?.textContent ?? ''],
    [`${12 * scale}px system-ui, sans-serif`, '--soft', `Outcry, ${location.href}`],
  ].map((part) => {
    if (part === null) return { height: drawn.height + gap };
    const [font, ink, words] = part;
    ctx.font = font;
    const size = Number(/(\d+(\.\d+)?)px/.exec(font)[1]);
    const lines = wrapped(ctx, words, drawn.width);
    return { font, ink, lines, size, height: lines.length * size * 1.35 + gap };
  });
  canvas.height = parts.reduce((sum, p) => sum + p.height, 2 * margin);
  ctx.fillStyle = colour('--paper');
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.textBaseline = 'top';
  let y = margin;
  for (const part of parts) {
    if (part.lines === undefined) ctx.drawImage(drawn, margin, y);
    else {
      ctx.font = part.font;
      ctx.fillStyle = colour(part.ink);
      for (const [i, line] of part.lines.entries()) ctx.fillText(line, margin, y + i * part.size * 1.35);
    }
    y += part.height;
  }
  return canvas;
}

/** Offers the picture as a download. Does nothing where the chart is not drawn. */
export async function savePicture(figure) {
  const drawn = canvasOf(figure);
  if (!drawn) return;
  const blob = await new Promise((resolve) => compose(figure, drawn).toBlob(resolve, 'image/png'));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `outcry-${location.pathname.split('/').at(-1)}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
