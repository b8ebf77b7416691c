import { MapPin, Phone } from "lucide-react";
import type { ReactNode } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { agreedPlace } from "#words/meetings.ts";
import { cn } from "@/lib/classNames.ts";
import { firstName } from "@/lib/names.ts";
import { withElements } from "@/ui/withElements.tsx";

type AgreedPlaceProps = { booking: Booking; role: BookingRole; className?: string | undefined };

const link = "font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2";

/** Where a session takes place that is no call in the browser: who calls whom, or the address. */
export function AgreedPlace({ booking, role, className }: AgreedPlaceProps) {
  const { meeting_place: place } = booking;
  if (place?.kind === "in_person") {
    return (
      <Line
        icon={<MapPin aria-hidden className="mt-0.5 size-5 shrink-0 text-ink-soft" />}
        className={className}
      >
        <span className="sr-only">{agreedPlace.place} </span>
        <span className="whitespace-pre-line">{place.address}</span>
        {place.map_url && (
          <a href={place.map_url} target="_blank" rel="noopener noreferrer" className={cn("block", link)}>
            {agreedPlace.map}
            <span className="sr-only"> {agreedPlace.newTab}</span>
          </a>
        )}
      </Line>
    );
  }
  if (place?.kind !== "phone") return null;
  const other = <bdi>{firstName(role === "mentor" ? booking.user_name : booking.mentor.full_name)}</bdi>;
  const number = place.caller === "student" ? place.phone : booking.user_phone;
  return (
    <Line icon={<Phone aria-hidden className="mt-0.5 size-5 shrink-0 text-ink-soft" />} className={className}>
      {withElements(place.caller === role ? agreedPlace.youCall : agreedPlace.theyCall, { other })}{" "}
      {number ? (
        <a href={`tel:${number.replaceAll(/[^\d+]/g, "")}`} className={link}>
          {number}
        </a>
      ) : (
        <span className="text-ink-soft">
          {role === "student" ? agreedPlace.noNumberOfYours : agreedPlace.noNumber}
        </span>
      )}
    </Line>
  );
}

function Line({
  icon,
  className,
  children,
}: {
  icon: ReactNode;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className={cn("flex items-start gap-2 break-words", className)}>
      {icon}
      <p className="min-w-0">{children}</p>
    </div>
  );
}
