import { useQuery } from "@tanstack/react-query";
import { pageStatus, pageStatusDetails } from "#words/pageStatus.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { setupQuery } from "./queries.ts";

const link = buttonVariants({ variant: "link", size: "inline" });

type OwnPageNoticeProps = { mentorId: string; isPaused: boolean };

/** Tells mentors on their own page why students cannot find or book it. */
export function OwnPageNotice({ mentorId, isPaused }: OwnPageNoticeProps) {
  const { data: setup } = useQuery(setupQuery(mentorId));
  if (isPaused) {
    return (
      <Alert tone="warning" announce={false} title={pageStatus.paused}>
        <p>
          {withElements(pageStatusDetails.paused, {
            resume: (
              <Link to={paths.mentorWorkspace("profile")} className={link}>
                {pageStatusDetails.resume}
              </Link>
            ),
          })}
        </p>
      </Alert>
    );
  }
  if (!setup || (setup.bookable && setup.listed)) return null;
  return (
    <Alert
      tone="warning"
      announce={false}
      title={setup.bookable ? pageStatus.notPublic : pageStatus.notBookable}
    >
      <p>
        {withElements(setup.bookable ? pageStatusDetails.notPublic : pageStatusDetails.notBookable, {
          missing: (
            <Link to={paths.mentorStart()} className={link}>
              {pageStatusDetails.missing}
            </Link>
          ),
        })}
      </p>
    </Alert>
  );
}
