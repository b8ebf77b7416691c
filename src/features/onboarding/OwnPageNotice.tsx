import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { paths } from "@/lib/paths.ts";
import { Alert } from "@/ui/Alert.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { setupQuery } from "./queries.ts";

type OwnPageNoticeProps = { mentorId: string; isPaused: boolean };

/** For a mentor on his own page alone: says what a visitor would only wonder about: why nothing can be booked or found. */
export function OwnPageNotice({ mentorId, isPaused }: OwnPageNoticeProps) {
  const { data: setup } = useQuery(setupQuery(mentorId));
  if (isPaused) {
    return (
      <Alert tone="warning" announce={false} title="New bookings are paused">
        <p>
          Students see no free times. Booked sessions stay.{" "}
          <Link
            to={paths.mentorWorkspace("profile")}
            className={buttonVariants({ variant: "link", size: "inline" })}
          >
            Take bookings again
          </Link>
        </p>
      </Alert>
    );
  }
  if (!setup || (setup.bookable && setup.listed)) return null;
  return (
    <Alert
      tone="warning"
      announce={false}
      title={setup.bookable ? "Your page is not public yet" : "Students cannot book you yet"}
    >
      <p>
        {setup.bookable
          ? "Only people with its link find it. "
          : "It has no service or no hours. Only you see this note. "}
        <Link to={paths.mentorStart()} className={buttonVariants({ variant: "link", size: "inline" })}>
          See what is missing
        </Link>
      </p>
    </Alert>
  );
}
