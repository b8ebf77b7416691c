import { expectTypeOf, it } from "vitest";
import type { z } from "zod";
import type { LocalDate, Minutes } from "#scheduling/units.ts";
import type { Booking, createBooking } from "./bookings.ts";
import type { AvailabilitySlot } from "./hours.ts";
import type { schedulingSettings } from "./mentors.ts";
import type { Service } from "./services.ts";
import type { SlotAnswer, slotQuery } from "./slots.ts";

it("requests and responses yield dates and minutes", () => {
  type Asked = z.output<typeof createBooking>;
  expectTypeOf<Pick<Asked, "scheduled_date" | "duration">>().toEqualTypeOf<{
    scheduled_date: LocalDate;
    duration: Minutes;
  }>();
  expectTypeOf<Pick<z.output<typeof slotQuery>, "from" | "duration">>().toEqualTypeOf<{
    from: LocalDate;
    duration: Minutes;
  }>();
  expectTypeOf<z.output<typeof schedulingSettings>["buffer_before"]>().toEqualTypeOf<Minutes>();
  expectTypeOf<SlotAnswer["days"][number]["date"]>().toEqualTypeOf<LocalDate>();
  expectTypeOf<AvailabilitySlot["specific_date"]>().toEqualTypeOf<LocalDate | null>();
  expectTypeOf<Booking["duration"]>().toEqualTypeOf<Minutes>();
  expectTypeOf<Service["durations"][number]["minutes"]>().toEqualTypeOf<Minutes>();
});
