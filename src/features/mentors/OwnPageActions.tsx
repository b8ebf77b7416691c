import { Eye, Pencil } from "lucide-react";
import { controls } from "#words/controls.ts";
import { ownProfile } from "#words/mentors.ts";
import { cn } from "@/lib/classNames.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { buttonVariants } from "@/ui/Button.tsx";

/** On the mentor's own page, in place of the button that books. */
export function OwnPageActions({ username, className }: { username: string; className?: string }) {
  return (
    <div className={cn("flex gap-2", className)}>
      <Link to={paths.mentorWorkspace("profile")} className={buttonVariants()}>
        <Pencil aria-hidden className="size-4" />
        <span>{controls.edit}</span>
      </Link>
      <Link
        to={paths.mentorAsStudent(username)}
        className={buttonVariants({ variant: "secondary", className: "flex-1" })}
      >
        <Eye aria-hidden className="size-4" />
        <span>{ownProfile.viewAsStudent}</span>
      </Link>
    </div>
  );
}

/** Tells mentors that they see their own page as students do. */
export function PreviewNotice({ username }: { username: string }) {
  return (
    <Alert tone="info" announce={false} title={ownProfile.preview}>
      <p>
        {ownProfile.previewLimits}{" "}
        <Link to={paths.mentor(username)} className={buttonVariants({ variant: "link", size: "inline" })}>
          {ownProfile.exitPreview}
        </Link>
      </p>
    </Alert>
  );
}
