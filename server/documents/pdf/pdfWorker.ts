// The thread that makes PDFs: a quarter of a second of computing each, which must not hold up requests.
import { parentPort } from "node:worker_threads";
import { renderToBuffer } from "@react-pdf/renderer";
import type { Paper } from "../paper.ts";
import { loadFonts } from "./fonts.ts";
import { layOut } from "./layout.ts";
import { printable } from "./printable.ts";

const hasGlyph = await loadFonts();
/** For text that the library fails on: what it can certainly do. */
const isPlain = (codePoint: number) => codePoint < 0x7f && hasGlyph(codePoint);

async function render(paper: Paper): Promise<Buffer> {
  try {
    return await renderToBuffer(layOut(...printable(paper, hasGlyph)));
  } catch {
    const [plain] = printable(paper, isPlain);
    return renderToBuffer(layOut(plain, true));
  }
}

parentPort?.on("message", async (paper: Paper) => {
  const bytes = new Uint8Array(await render(paper));
  parentPort?.postMessage(bytes, [bytes.buffer]);
});
