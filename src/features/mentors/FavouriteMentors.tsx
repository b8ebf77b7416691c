import { useQuery } from "@tanstack/react-query";
import { Heart } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { favourites as words } from "#words/favourites.ts";
import { links } from "#words/links.ts";
import { favouritesQuery } from "@/features/favourites/queries.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { MentorCard } from "./MentorCard.tsx";

const SHOWN_FIRST = 4;

/** A person's favourite mentors, the latest first. */
export function FavouriteMentors({ userId, id }: { userId: string; id: string }) {
  const { data: favourites, error, refetch } = useQuery(favouritesQuery(userId));
  const [allShown, setAllShown] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const count = favourites?.length ?? 0;
  useFocusAfterRemoval(count, heading, list);

  if (error && !favourites) {
    return <ProblemState title={words.failed} error={error} onRetry={refetch} />;
  }
  if (!favourites) return null;
  const shown = allShown ? favourites : favourites.slice(0, SHOWN_FIRST);
  return (
    <section aria-labelledby={id}>
      <SectionHeading id={id} ref={heading} title={words.title} count={count} />
      {count === 0 ? (
        <p className="mt-3 flex flex-wrap items-center justify-between gap-3 rounded-card border border-dashed border-line-strong px-5 py-6 text-ink-soft">
          <span>{withElements(words.none, { heart: <Heart aria-hidden className="inline size-4" /> })}</span>
          <Link to={paths.home()} className={buttonVariants({ variant: "soft", size: "sm" })}>
            {links.findMentor}
          </Link>
        </p>
      ) : (
        <ul ref={list} className="mt-3 grid gap-4 sm:grid-cols-2">
          {shown.map((mentor) => (
            <li key={mentor.id} className="min-w-0">
              <MentorCard mentor={mentor} />
            </li>
          ))}
        </ul>
      )}
      {shown.length < count && (
        <div className="mt-5 text-center">
          <Button variant="secondary" onClick={() => setAllShown(true)}>
            {words.showAll(count)}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Moves the focus to the heading when the card that had it is removed. */
function useFocusAfterRemoval(
  count: number,
  heading: React.RefObject<HTMLHeadingElement | null>,
  list: React.RefObject<HTMLUListElement | null>,
): void {
  const before = useRef(count);
  const wasInside = useRef(false);
  useEffect(() => {
    const follow = () => {
      wasInside.current = list.current?.contains(document.activeElement) ?? false;
    };
    document.addEventListener("focusin", follow);
    return () => document.removeEventListener("focusin", follow);
  }, [list]);
  useEffect(() => {
    if (count < before.current && wasInside.current && document.activeElement === document.body) {
      heading.current?.focus();
    }
    before.current = count;
  }, [count, heading]);
}
