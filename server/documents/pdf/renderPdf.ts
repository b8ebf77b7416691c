import { Refusal } from "../../platform/errors.ts";
import {
  openWorkThread,
  ThreadBusy,
  ThreadTooSlow,
  type WorkThreadOptions,
} from "../../platform/workThread.ts";
import type { Paper } from "../paper.ts";

/** Makes PDFs in a thread of its own, one at a time. */
export interface PdfRenderer {
  /** @throws Refusal `overloaded` if too many wait, or one takes too long */
  render(paper: Paper): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The thread starts with the first document, and is given back, with its 150 MB, after a minute without one. */
export function openPdfRenderer(options: Partial<WorkThreadOptions> = {}): PdfRenderer {
  const thread = openWorkThread<Paper, Uint8Array>({
    file: new URL("./pdfWorker.ts", import.meta.url),
    timeout: 20_000,
    mostWaiting: 20,
    heapMb: 256,
    ...options,
  });
  return {
    render: (paper) =>
      thread.ask(paper).then(
        ({ reply }) => reply,
        (error: unknown) => {
          if (error instanceof ThreadBusy || error instanceof ThreadTooSlow) throw new Refusal("overloaded");
          throw error;
        },
      ),
    close: thread.close,
  };
}
