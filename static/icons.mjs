// Writes icons.svg, one <symbol> for each icon we use, from the bootstrap-icons package.
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

// An eight-pointed star: two squares laid across each other; inside a ring, a dhow on the water (cut out).
function crest() {
  const outer = points(8, 49, 22.5);
  const inner = points(8, 49 * 0.7654, 45);
  const star = outer.flatMap((point, k) => [point, inner[k]]);
  const round = ([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`;
  const ring = (r) => `M${50 - r} 50a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  const sail = "M47 24C60 32 68 43 69 55L46 57C49 46 49.500 35 47 24Z";
  const fore = "M43 34C43.500 42 42.500 50 40 57L31 57.500C37 51 41 43 43 34Z";
  const hull = "M27 60.500L73 58C70.500 64 66.500 68 61 70L38 70C33 68.500 29 65 27 60.500Z";
  const sea = "M34 74C37.500 72 41 72 44.500 74C48 76 52 76 55.500 74C59 72 62.500 72 66 74L64.500 76.500C61.500 75.200 58.500 75.400 55.500 77C52 79 48 79 44.500 77C41.500 75.400 38.500 75.200 35.500 76.500Z";
  return `<symbol id="crest" viewBox="0 0 100 100"><path fill="currentColor" fill-rule="evenodd" d="M${star.map(round).join("L")}Z${ring(35)}${ring(33)}${sail}${fore}${hull}${sea}"/></symbol>`;
}

const symbols = names.map((name) => {
  const source = readFileSync(new URL(`../node_modules/bootstrap-icons/icons/${name}.svg`, import.meta.url), "utf8");
  const body = source.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 16 16" fill="currentColor">${body}</symbol>`;
});
const target = new URL("icons.svg", import.meta.url);
writeFileSync(target, `<svg xmlns="http://www.w3.org/2000/svg">\n${[crest(), ...symbols].join("\n")}\n</svg>\n`);
