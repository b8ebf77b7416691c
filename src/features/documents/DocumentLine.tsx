import type { DocumentSummary } from "#contract/documents.ts";
import { moneyOf } from "#rules/money.ts";
import { documentLinks } from "#words/documentLinks.ts";
import { formatAmount } from "@/lib/money.ts";
import { formatShortDay } from "@/lib/time.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { documentAddress } from "./api.ts";

type DocumentLineProps = { document: DocumentSummary; timeZone: string };

/** A document with its number and amount, as a page and as a PDF. */
export function DocumentLine({ document, timeZone }: DocumentLineProps) {
  const { id, kind, number, issued_at, total, currency, sandbox } = document;
  const name = documentLinks.named(documentLinks.kinds[kind], number);
  const facts = [
    formatShortDay(issued_at, timeZone),
    formatAmount(moneyOf(total, currency)),
    sandbox && documentLinks.sandbox,
  ];
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
      <div className="min-w-0">
        <p className="font-semibold break-words">{name}</p>
        <p className="text-sm text-ink-soft tabular-nums">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <div className="flex gap-2">
        <FileLink address={documentAddress(id, "html")} label={documentLinks.openNamed(name)}>
          {documentLinks.open}
        </FileLink>
        <FileLink address={documentAddress(id, "pdf")} label={documentLinks.pdfNamed(name)}>
          {documentLinks.pdf}
        </FileLink>
      </div>
    </div>
  );
}

/** Pages of the server's: in a tab of their own, so that this one is kept. */
function FileLink({ address, label, children }: { address: string; label: string; children: string }) {
  return (
    <a
      href={address}
      target="_blank"
      rel="noreferrer"
      aria-label={label}
      className={buttonVariants({ variant: "secondary", size: "sm" })}
    >
      {children}
    </a>
  );
}
