import { CalendarX } from "lucide-react";
import { links } from "#words/links.ts";
import { ApiProblem } from "@/lib/api.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";

type GroupProblemProps = {
  kind: string;
  words: { missing: string; missingText: string; failed: string };
  error: Error;
  onRetry: () => unknown;
};

/** Why the public page of a group session or a programme shows none: there is none, or it did not load. */
export function GroupProblem({ kind, words, error, onRetry }: GroupProblemProps) {
  const isMissing = error instanceof ApiProblem && (error.status === 404 || error.status === 422);
  return (
    <div className="page space-y-8 py-12">
      <PageHeading title={kind} className="sr-only" />
      {isMissing ? (
        <EmptyState Icon={CalendarX} title={words.missing}>
          <p>{words.missingText}</p>
          <Link to={paths.home()} className={buttonVariants()}>
            {links.findMentor}
          </Link>
        </EmptyState>
      ) : (
        <ProblemState title={words.failed} error={error} onRetry={onRetry} />
      )}
    </div>
  );
}
