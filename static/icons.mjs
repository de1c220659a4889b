// Writes icons.svg, one <symbol> for each icon we use, from the bootstrap-icons package, and favicon.svg.
// Run `npm run icons` after adding a name. The crest is drawn here: it is in no package.
import { readFileSync, writeFileSync } from "node:fs";

const names = [
  "archive", "arrow-clockwise", "arrow-left", "arrow-right", "bank", "box-arrow-in-right", "box-arrow-right",
  "calendar-event", "camera", "cash-coin", "check-circle-fill", "check-lg", "chevron-left", "chevron-right",
  "clock", "cloud-slash", "credit-card", "dash-circle-fill", "download", "envelope", "exclamation-circle-fill",
  "exclamation-triangle-fill", "eye", "file-earmark-check", "file-earmark-text", "files", "folder2-open", "funnel",
  "geo-alt", "globe2", "hourglass-split", "house", "inbox", "info-circle-fill", "journal-text", "list-check",
  "lock", "map", "patch-check", "pause-circle-fill", "pencil", "people", "person", "phone", "printer", "qr-code", "receipt",
  "search", "send", "shield-check", "shop", "slash-circle", "trash", "upload", "wifi-off", "x-circle-fill", "x-lg",
  "zoom-in", "zoom-out",
];

const points = (count, radius, turn = 0) =>
  Array.from({ length: count }, (_, k) => {
    const angle = ((turn + (360 / count) * k) * Math.PI) / 180;
    return [50 + radius * Math.cos(angle), 50 + radius * Math.sin(angle)];
  });

// An eight-pointed star: two squares laid across each other; inside a ring, a lighthouse on the water (cut out).
function crest() {
  const outer = points(8, 49);
  const inner = points(8, 49 * 0.7654, 22.5);
  const star = outer.flatMap((point, k) => [point, inner[k]]);
  const round = ([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`;
  const ring = (r) => `M${50 - r} 50a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  const wave = (y, from, to) => {
    const width = (to - from) / 4;
    const crests = `q${width / 2} -4 ${width} 0t${width} 0t${width} 0t${width} 0`;
    const back = `q${-width / 2} 4 ${-width} 0t${-width} 0t${-width} 0t${-width} 0`;
    return `M${from} ${y}${crests}v3${back}Z`;
  };
  const tower = "M45.500 39.500H54.500L57.500 66H42.500Z";
  const lamp = "M45.500 30.500H54.500V36.500H45.500ZM44 29L50 22.500L56 29Z";
  const rays = "M42 30.500L27 25.500L28.500 31ZM42 35L27 40L28.500 34.500ZM58 30.500L73 25.500L71.500 31ZM58 35L73 40L71.500 34.500Z";
  return `<symbol id="crest" viewBox="0 0 100 100"><path fill="currentColor" fill-rule="evenodd" d="M${star.map(round).join("L")}Z${ring(34.5)}${ring(32.700)}${tower}${lamp}${rays}${wave(69.5, 28, 72)}${wave(75.5, 35, 65)}"/></symbol>`;
}

const symbols = names.map((name) => {
  const source = readFileSync(new URL(`../node_modules/bootstrap-icons/icons/${name}.svg`, import.meta.url), "utf8");
  const body = source.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 16 16" fill="currentColor">${body}</symbol>`;
});
writeFileSync(new URL("icons.svg", import.meta.url), `<svg xmlns="http://www.w3.org/2000/svg">\n${[crest(), ...symbols].join("\n")}\n</svg>\n`);
const shape = crest().replace(/^<symbol[^>]*>|<\/symbol>$/g, "").replace("currentColor", "#0b5557");
writeFileSync(new URL("favicon.svg", import.meta.url), `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${shape}</svg>\n`);
