import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import type { BookingRole } from "#rules/bookingState.ts";
import { controls } from "#words/controls.ts";
import { documentLinks } from "#words/documentLinks.ts";
import { cn } from "@/lib/classNames.ts";
import { Button } from "@/ui/Button.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { DocumentLine } from "./DocumentLine.tsx";
import { type DocumentSubject, documentsQuery } from "./queries.ts";

type BookingDocumentsProps = DocumentSubject & { reader: BookingRole; timeZone: string };

/** The documents of a booking, or of a bought package, that its reader may see. */
export function BookingDocuments({ reader, timeZone, ...subject }: BookingDocumentsProps) {
  const documents = useQuery(documentsQuery(subject));
  if (documents.data?.data.length === 0)
    return (
      <p className="text-ink-soft">
        {reader === "student" ? documentLinks.none : documentLinks.noneForMentor}
      </p>
    );
  if (documents.data)
    return (
      <ul className="space-y-3">
        {documents.data.data.map((document) => (
          <li key={document.id}>
            <DocumentLine document={document} timeZone={timeZone} />
          </li>
        ))}
      </ul>
    );
  if (documents.isError)
    return (
      <p role="alert" className="flex flex-wrap items-center gap-3">
        {documentLinks.failed}
        <Button variant="secondary" size="sm" onClick={() => documents.refetch()}>
          {controls.tryAgain}
        </Button>
      </p>
    );
  return (
    <div role="status">
      <span className="sr-only">{documentLinks.loading}</span>
      <Skeleton className="h-10" />
    </div>
  );
}

/** The same in a list of bookings: they are requested when they are wanted. */
export function DocumentsOnDemand({
  isOpen: isOpenAtFirst = false,
  ...props
}: BookingDocumentsProps & { isOpen?: boolean }) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="tap -my-1 inline-flex items-center gap-1 py-1 text-sm font-semibold text-primary-text underline underline-offset-4"
      >
        {documentLinks.show}
        <ChevronDown aria-hidden className={cn("size-4 transition-transform", isOpen && "rotate-180")} />
      </button>
      {isOpen && (
        <div className="mt-3">
          <BookingDocuments {...props} />
        </div>
      )}
    </div>
  );
}
