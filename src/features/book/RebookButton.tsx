import { RotateCcw } from "lucide-react";
import { Suspense, useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import { Button } from "@/ui/Button.tsx";
import { RebookDialog } from "./lazyRebookDialog.ts";

/** Opens what books the same session again: the first of two clicks. */
export function RebookButton({ booking, size = "sm" }: { booking: Booking; size?: "sm" | "md" }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        variant="secondary"
        size={size}
        onClick={() => setIsOpen(true)}
        onPointerEnter={RebookDialog.preload}
        onFocus={RebookDialog.preload}
      >
        <RotateCcw aria-hidden className="size-4" />
        Book again
        <span className="sr-only">
          {" "}
          with <bdi>{booking.mentor.full_name}</bdi>
        </span>
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <RebookDialog booking={booking} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
