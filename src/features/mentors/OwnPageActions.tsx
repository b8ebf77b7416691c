import { Eye, Pencil } from "lucide-react";
import { Link } from "react-router";
import { controls } from "#words/controls.ts";
import { cn } from "@/lib/classNames.ts";
import { paths } from "@/lib/paths.ts";
import { Alert } from "@/ui/Alert.tsx";
import { buttonVariants } from "@/ui/Button.tsx";

/** What a mentor does on his own page, where others book. */
export function OwnPageActions({ username, className }: { username: string; className?: string }) {
  return (
    <div className={cn("flex gap-2", className)}>
      <Link to={paths.mentorWorkspace("profile")} className={buttonVariants()}>
        <Pencil aria-hidden className="size-4" />
        <span>{controls.edit}</span>
      </Link>
      <Link
        to={paths.mentorAsStudent(username)}
        preventScrollReset
        className={buttonVariants({ variant: "secondary", className: "flex-1" })}
      >
        <Eye aria-hidden className="size-4" />
        <span>See as a student</span>
      </Link>
    </div>
  );
}

/** Says that the page is one's own, looked at with a student's eyes. */
export function PreviewNotice({ username }: { username: string }) {
  return (
    <Alert tone="info" announce={false} title="This is how students see your page">
      <p>
        You can look at your times, but not book them.{" "}
        <Link
          to={paths.mentor(username)}
          preventScrollReset
          className={buttonVariants({ variant: "link", size: "inline" })}
        >
          Back to your own view
        </Link>
      </p>
    </Alert>
  );
}
