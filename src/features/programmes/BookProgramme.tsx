import { Suspense } from "react";
import type { Programme } from "#contract/programmes.ts";
import { programmePage } from "#words/programmes.ts";
import { useMe } from "@/features/accounts/me.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { lazyPart } from "@/lib/lazyPart.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { sessionsOf, whyClosed } from "./programmeState.ts";

// Most visitors are not signed in, and a form brings a library.
const JoinProgramme = lazyPart(() => import("./JoinProgramme.tsx").then((file) => file.JoinProgramme));

/** What books all sessions; or says why they cannot be booked. */
export function BookProgramme({ programme, now }: { programme: Programme; now: Date }) {
  const { data: me } = useMe();
  const { id, mentor } = programme;
  if (me?.id === programme.expert_id) {
    return (
      <Link to={groupPaths.programmeRoster(id)} className={buttonVariants({ className: "w-full" })}>
        {programmePage.roster}
      </Link>
    );
  }
  const why = whyClosed(programme, now);
  if (why) {
    return (
      <>
        <Alert tone={programme.state === "cancelled" ? "bad" : "info"} announce={false}>
          <p>{why}</p>
        </Alert>
        <Link
          to={paths.mentor(mentor.username)}
          className={buttonVariants({ variant: "secondary", className: "w-full" })}
        >
          {programmePage.others}
        </Link>
      </>
    );
  }
  return (
    <>
      {me ? (
        <Suspense fallback={<Skeleton className="h-32" />}>
          <JoinProgramme programme={programme} />
        </Suspense>
      ) : (
        <Link
          to={paths.signIn(groupPaths.programme(mentor.username, id))}
          className={buttonVariants({ size: "lg", className: "w-full" })}
        >
          {programmePage.book(sessionsOf(programme).length)}
        </Link>
      )}
      <p className="text-sm text-ink-soft">{programmePage.bookLead}</p>
    </>
  );
}
