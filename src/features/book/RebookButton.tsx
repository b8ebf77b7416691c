import { RotateCcw } from "lucide-react";
import { Suspense, useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import { rebook } from "#words/rebook.ts";
import { Button } from "@/ui/Button.tsx";
import { RebookDialog } from "./lazyRebookDialog.ts";

/** Opens the dialog that books the same session again. */
export function RebookButton({ booking, size = "sm" }: { booking: Booking; size?: "sm" | "md" }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        variant="secondary"
        size={size}
        aria-label={rebook.againWith(booking.mentor.full_name)}
        onClick={() => setIsOpen(true)}
        onPointerEnter={RebookDialog.preload}
        onFocus={RebookDialog.preload}
      >
        <RotateCcw aria-hidden className="size-4" />
        {rebook.again}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <RebookDialog booking={booking} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
