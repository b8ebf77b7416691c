import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleDashed } from "lucide-react";
import { Link } from "react-router";
import { Card } from "@/components/ui/Card";
import { ownHoursQuery, ownServicesQuery } from "@/lib/ownQueries";
import { paths } from "@/paths";

/** What is still missing until students can book: shown until nothing is. */
export function WorkspaceIntroduction({ userId }: { userId: string }) {
  const hours = useQuery(ownHoursQuery(userId));
  const services = useQuery(ownServicesQuery(userId));
  if (!hours.data || !services.data) return null;
  const steps = [
    { isDone: hours.data.length > 0, words: "Set your weekly hours", to: paths.mentorWorkspace("hours") },
    {
      isDone: services.data.some((service) => service.enabled),
      words: "Add a service that students can book",
      to: services.data.length > 0 ? paths.mentorWorkspace("services") : paths.newService(),
    },
  ];
  if (steps.every(({ isDone }) => isDone)) return null;
  return (
    <Card className="mb-8 p-4 sm:p-5">
      <section aria-labelledby="first-steps">
        <h2 id="first-steps" className="text-heading">
          Almost there: students cannot book you yet
        </h2>
        <ol className="mt-2">
          {steps.map(({ isDone, words, to }) => (
            <li key={words} className="tap flex items-center gap-2.5">
              {isDone ? (
                <CircleCheck aria-hidden className="size-5 shrink-0 text-good" />
              ) : (
                <CircleDashed aria-hidden className="size-5 shrink-0 text-ink-soft" />
              )}
              {isDone ? (
                <span className="text-ink-soft">
                  <span className="sr-only">Done: </span>
                  {words}
                </span>
              ) : (
                <Link
                  to={to}
                  className="tap inline-flex items-center font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
                >
                  {words}
                </Link>
              )}
            </li>
          ))}
        </ol>
      </section>
    </Card>
  );
}
