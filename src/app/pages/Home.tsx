import { useInfiniteQuery } from "@tanstack/react-query";
import { mentorList } from "#words/mentorSearch.ts";
import { ExpertiseChips } from "@/features/mentors/ExpertiseChips.tsx";
import { Hero } from "@/features/mentors/Hero.tsx";
import { MentorList } from "@/features/mentors/MentorList.tsx";
import { MentorSearch } from "@/features/mentors/MentorSearch.tsx";
import { mentorsQuery } from "@/features/mentors/queries.ts";
import { useSearchParams } from "@/lib/router/router.tsx";

const CHIPS = 8;

export default function Home() {
  const [search, setSearch] = useSearchParams();
  const filter = { q: search.get("q") ?? "", expertise: search.get("expertise") ?? "" };

  const change = (part: Partial<typeof filter>) => {
    const given = Object.entries({ ...filter, ...part }).filter(([, value]) => value !== "");
    // Replaced, so that Back leaves the search instead of undoing it letter by letter.
    setSearch(new URLSearchParams(given), { replace: true });
  };

  return (
    <>
      <Hero>
        <MentorSearch query={filter.q} onSearch={(q) => change({ q })} />
        <ExpertiseChips
          {...useCommonExpertise(filter.expertise)}
          chosen={filter.expertise}
          onChoose={(expertise) => change({ expertise })}
        />
      </Hero>
      <section aria-labelledby="mentors" className="page py-10 sm:py-14">
        <h2 id="mentors" className="mb-5 text-heading">
          {filter.q || filter.expertise ? mentorList.matching : mentorList.all}
        </h2>
        <MentorList filter={filter} onClear={() => change({ q: "", expertise: "" })} />
      </section>
    </>
  );
}

/** The most common fields of expertise on the first unfiltered page, and the chosen one. */
function useCommonExpertise(chosen: string): { names: string[]; isPending: boolean } {
  const { data, isPending } = useInfiniteQuery(mentorsQuery({ q: "", expertise: "" }));
  const counts = new Map<string, number>(chosen ? [[chosen, Number.POSITIVE_INFINITY]] : []);
  for (const mentor of data?.pages[0]?.data ?? []) {
    for (const name of mentor.expertise) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].sort((one, other) => other[1] - one[1]).map(([name]) => name);
  return { names: names.slice(0, CHIPS).sort((one, other) => one.localeCompare(other)), isPending };
}
