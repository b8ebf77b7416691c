import { CalendarX } from "lucide-react";
import type { Mentor } from "#contract/mentors.ts";
import type { Service } from "#contract/services.ts";
import { moneyOf } from "#rules/money.ts";
import { sessionLength } from "#words/durations.ts";
import { capacity, serviceList, sessionTypes } from "#words/services.ts";
import { ApprovalBadge } from "@/features/book/ApprovalBadge.tsx";
import { BookingDialog } from "@/features/book/lazyBookingDialog.ts";
import type { Chosen } from "@/features/book/useBookingAddress.ts";
import { cn } from "@/lib/classNames.ts";
import { formatMoney } from "@/lib/money.ts";
import { EmptyState } from "@/ui/EmptyState.tsx";

type ServiceListProps = {
  mentor: Mentor;
  services: Service[];
  /** null on the mentor's own page, where nothing can be booked. */
  onChoose: ((chosen: Chosen) => void) | null;
};

const row = "flex w-full items-center justify-between gap-3 rounded-control border px-3.5 py-2 text-left";

/** The services of a mentor. Each length is a button that opens the booking with it. */
export function ServiceList({ mentor, services, onChoose }: ServiceListProps) {
  if (services.length === 0) {
    return (
      <EmptyState Icon={CalendarX} title={serviceList.none} level={3} className="py-8">
        <p>{serviceList.checkBack}</p>
      </EmptyState>
    );
  }
  return (
    <ul className="space-y-3">
      {services.map((service) => (
        <li key={service.id} className="rounded-card border border-line bg-surface p-4 shadow-card sm:p-5">
          <h3 className="text-lg leading-snug font-bold">{service.title}</h3>
          <p className="text-sm text-ink-soft">
            {[sessionTypes[service.session_type], service.capacity > 1 && capacity(service.capacity)]
              .filter(Boolean)
              .join(" · ")}
          </p>
          <p className="mt-1.5">
            <ApprovalBadge mentor={mentor} service={service} />
          </p>
          {service.description && <p className="mt-2 line-clamp-4 text-ink-soft">{service.description}</p>}
          <ul className="mt-3 space-y-2">
            {service.durations.map(({ minutes, price }) => (
              <li key={minutes}>
                {onChoose ? (
                  <button
                    type="button"
                    onClick={() => onChoose({ serviceId: service.id, minutes })}
                    onPointerEnter={BookingDialog.preload}
                    onFocus={BookingDialog.preload}
                    className={cn(
                      row,
                      "tap border-line-strong transition-colors hover:border-primary hover:bg-primary-soft",
                    )}
                  >
                    <span>
                      {sessionLength(minutes)}
                      <span className="sr-only">, {service.title},</span>
                    </span>
                    <strong className="font-bold">{formatMoney(moneyOf(price, service.currency))}</strong>
                  </button>
                ) : (
                  <p className={cn(row, "min-h-11 border-line")}>
                    <span>{sessionLength(minutes)}</span>
                    <strong className="font-bold">{formatMoney(moneyOf(price, service.currency))}</strong>
                  </p>
                )}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
