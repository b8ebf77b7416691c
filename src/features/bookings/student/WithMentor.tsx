import type { Booking } from "#contract/bookings.ts";
import { withPerson } from "#words/sessions.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { withElements } from "@/ui/withElements.tsx";

/** "with Asha Rao", where the name leads to the mentor's page. */
export function WithMentor({ mentor }: Pick<Booking, "mentor">) {
  return withElements(withPerson, {
    name: (
      <Link
        to={paths.mentor(mentor.username)}
        className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
      >
        <bdi>{mentor.full_name}</bdi>
      </Link>
    ),
  });
}
